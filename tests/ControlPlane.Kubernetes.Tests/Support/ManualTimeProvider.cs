namespace ControlPlane.Kubernetes.Tests.Support;

/// <summary>A clock that moves only when told, or as far as work needs it to.</summary>
internal sealed class ManualTimeProvider : TimeProvider
{
    private readonly List<Timer> _timers = [];
    private long _sequence;

    public DateTimeOffset Now { get; private set; } = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => Now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Timer(this, callback, state, dueTime);

    public void Advance(TimeSpan by)
    {
        var end = Now + by;
        while (Next() is { } timer && timer.Due <= end) Fire(timer);
        Now = end;
    }

    /// <summary>Fires timers in order until the work is done; everything runs on this thread. Work that waits for nothing is an error.</summary>
    public T Run<T>(Func<Task<T>> work)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var task = work();
            while (!task.IsCompleted) Fire(Next() ?? throw new InvalidOperationException("the work waits, but no timer is pending"));
            return task.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    public void Run(Func<Task> work) => Run(async () =>
    {
        await work().ConfigureAwait(false);
        return 0;
    });

    private Timer? Next() => _timers.OrderBy(t => t.Due).ThenBy(t => t.Order).FirstOrDefault();

    private void Fire(Timer timer)
    {
        _timers.Remove(timer);
        if (timer.Due > Now) Now = timer.Due;
        timer.Invoke();
    }

    private sealed class Timer : ITimer
    {
        private readonly ManualTimeProvider _owner;
        private readonly TimerCallback _callback;
        private readonly object? _state;

        public Timer(ManualTimeProvider owner, TimerCallback callback, object? state, TimeSpan due)
        {
            (_owner, _callback, _state) = (owner, callback, state);
            Change(due, Timeout.InfiniteTimeSpan);
        }

        public DateTimeOffset Due { get; private set; }

        public long Order { get; private set; }

        public void Invoke() => _callback(_state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _owner._timers.Remove(this);
            if (dueTime < TimeSpan.Zero) return true;
            (Due, Order) = (_owner.Now + dueTime, _owner._sequence++);
            _owner._timers.Add(this);
            return true;
        }

        public void Dispose() => _owner._timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
