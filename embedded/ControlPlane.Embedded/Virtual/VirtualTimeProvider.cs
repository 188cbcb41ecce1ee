namespace ControlPlane.Embedded.Virtual;

/// <summary>The clock and timers of one process of a virtual run. They stop when that process crashes; the clock goes on.</summary>
internal sealed class VirtualTimeProvider(VirtualScheduler scheduler, VirtualClock clock) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    internal VirtualScheduler Scheduler => scheduler;

    internal VirtualClock Clock => clock;

    internal bool IsStopped { get; private set; }

    public override DateTimeOffset GetUtcNow() => clock.UtcNow;

    public override long GetTimestamp() => clock.Elapsed;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        scheduler.CheckThread();
        var timer = new VirtualTimer(this, callback, state, isBackground: false);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>A timer that does not keep a run alive that has nothing else to do.</summary>
    internal ITimer CreateBackgroundTimer(TimerCallback callback, object? state, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state, isBackground: true);
        timer.Change(period, period);
        return timer;
    }

    internal void Stop() => IsStopped = true;
}
