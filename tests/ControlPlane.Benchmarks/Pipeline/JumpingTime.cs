namespace ControlPlane.Benchmarks.Pipeline;

/// <summary>A clock that stands still until it is told to jump. Timers fire on the thread that jumps, in the order of their due times.</summary>
internal sealed class JumpingTime(DateTimeOffset start) : TimeProvider
{
    private readonly PriorityQueue<(Timer Timer, long Version), (long Due, long Order)> _due = new();
    private readonly Dictionary<long, int> _armed = [];
    private readonly Lock _gate = new();
    private long _now = start.UtcTicks;
    private long _order;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref _now), TimeSpan.Zero);

    public override long GetTimestamp() => Volatile.Read(ref _now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Waits until so many one-shot timers are set to one moment, then jumps there and fires what is due until then.</summary>
    public void Jump(TimeSpan by, int timers)
    {
        SpinWait.SpinUntil(() => Armed(by) >= timers);
        var end = _now + by.Ticks;
        while (TakeDue(end) is { } timer) timer.Fire();
        Volatile.Write(ref _now, end);
    }

    private int Armed(TimeSpan after)
    {
        lock (_gate) return _armed.GetValueOrDefault(_now + after.Ticks);
    }

    private Timer? TakeDue(long end)
    {
        lock (_gate)
        {
            while (_due.TryPeek(out var entry, out var priority) && (priority.Due <= end || entry.Version != entry.Timer.Version))
            {
                _due.Dequeue();
                if (entry.Version != entry.Timer.Version) continue;
                entry.Timer.Disarm();
                Volatile.Write(ref _now, Math.Max(_now, priority.Due));
                entry.Timer.Rearm();
                return entry.Timer;
            }
            return null;
        }
    }

    private sealed class Timer(JumpingTime owner, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;
        private long? _oneShot;

        /// <summary>Grows with every change, so that what was queued before it is void.</summary>
        public long Version { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (owner._gate)
            {
                Version++;
                Disarm();
                _period = period;
                if (dueTime >= TimeSpan.Zero) Enqueue(dueTime);
            }
            return true;
        }

        /// <summary>Queues the next period, if there is one. The caller holds the gate.</summary>
        public void Rearm()
        {
            if (_period > TimeSpan.Zero) Enqueue(_period);
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        /// <summary>The timer no longer waits for its moment. The caller holds the gate.</summary>
        public void Disarm()
        {
            if (_oneShot is not { } due) return;
            _oneShot = null;
            if (--owner._armed[due] == 0) owner._armed.Remove(due);
        }

        private void Enqueue(TimeSpan dueTime)
        {
            var due = owner._now + dueTime.Ticks;
            owner._due.Enqueue((this, Version), (due, owner._order++));
            if (_period > TimeSpan.Zero) return;
            _oneShot = due;
            owner._armed[due] = owner._armed.GetValueOrDefault(due) + 1;
        }
    }
}
