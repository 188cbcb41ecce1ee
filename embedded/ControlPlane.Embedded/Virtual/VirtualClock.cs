namespace ControlPlane.Embedded.Virtual;

/// <summary>Virtual time: it stands still while anything can run and then jumps to the next timer.</summary>
internal sealed class VirtualClock(DateTimeOffset start)
{
    private readonly SortedSet<VirtualTimer> _timers = new(Comparer<VirtualTimer>.Create(static (a, b) =>
        a.Due.CompareTo(b.Due) is var order and not 0 ? order : a.Order.CompareTo(b.Order)));

    private long _order;
    private int _foreground;

    /// <summary>The time since the start, in ticks of 100 ns.</summary>
    internal long Elapsed { get; private set; }

    internal DateTimeOffset UtcNow => start.AddTicks(Elapsed);

    internal void Set(VirtualTimer timer, TimeSpan due)
    {
        timer.Due = checked(Elapsed + due.Ticks);
        timer.Order = ++_order;
        timer.IsSet = true;
        _timers.Add(timer);
        _foreground += timer.IsBackground ? 0 : 1;
    }

    internal void Unset(VirtualTimer timer)
    {
        if (timer.IsSet)
        {
            _timers.Remove(timer);
            timer.IsSet = false;
            _foreground -= timer.IsBackground ? 0 : 1;
        }
    }

    /// <summary>Goes to the next timer and fires it.</summary>
    /// <returns>False if no timer is set but those that only look after the engine.</returns>
    internal bool FireNext()
    {
        if (_foreground == 0 || _timers.Min is not { } next)
        {
            return false;
        }

        Unset(next);
        Elapsed = Math.Max(Elapsed, next.Due);
        next.Fire();
        return true;
    }
}

/// <summary>A timer in virtual time. Its callback runs outside any turn.</summary>
internal sealed class VirtualTimer(VirtualTimeProvider provider, TimerCallback callback, object? state, bool isBackground) : ITimer
{
    private TimeSpan _period = Timeout.InfiniteTimeSpan;
    private bool _disposed;

    internal long Due { get; set; }

    internal long Order { get; set; }

    internal bool IsSet { get; set; }

    internal bool IsBackground => isBackground;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        provider.Scheduler.CheckThread();
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime.Ticks, Timeout.InfiniteTimeSpan.Ticks, nameof(dueTime));
        ArgumentOutOfRangeException.ThrowIfLessThan(period.Ticks, Timeout.InfiniteTimeSpan.Ticks, nameof(period));
        if (_disposed || provider.IsStopped)
        {
            return false;
        }

        provider.Clock.Unset(this);
        _period = period;
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            provider.Clock.Set(this, dueTime);
        }

        return true;
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            provider.Scheduler.CheckThread();
            _disposed = true;
            provider.Clock.Unset(this);
        }
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    internal void Fire()
    {
        if (_disposed || provider.IsStopped)
        {
            return;
        }

        if (_period > TimeSpan.Zero)
        {
            provider.Clock.Set(this, _period);
        }

        callback(state);
    }
}
