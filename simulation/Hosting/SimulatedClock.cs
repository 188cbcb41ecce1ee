namespace ControlPlane.Simulation.Hosting;

/// <summary>A clock that starts at a moment and runs at a multiple of another clock's speed.</summary>
public sealed class SimulatedClock : TimeProvider
{
    private static readonly TimeSpan ShortestPeriod = TimeSpan.FromMilliseconds(1);

    private readonly TimeProvider _real;
    private readonly DateTimeOffset _start;
    private readonly long _realStart;

    /// <summary>Makes a clock.</summary>
    /// <param name="start">What it shows first.</param>
    /// <param name="speed">Simulated seconds per real second, at least 1e-3.</param>
    /// <param name="real">The other clock; null is the system's.</param>
    public SimulatedClock(DateTimeOffset start, double speed = 1, TimeProvider? real = null)
    {
        if (!(speed >= 1e-3) || !double.IsFinite(speed)) throw new ArgumentOutOfRangeException(nameof(speed), speed, "The speed must be at least 0.001.");
        (_start, Speed, _real) = (start.ToUniversalTime(), speed, real ?? System);
        _realStart = _real.GetTimestamp();
    }

    /// <summary>Simulated seconds per real second.</summary>
    public double Speed { get; }

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _start + Elapsed();

    /// <inheritdoc/>
    public override long GetTimestamp() => Elapsed().Ticks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new ScaledTimer(this, _real.CreateTimer(callback, state, ToReal(dueTime), ToReal(period)));

    private TimeSpan Elapsed() => _real.GetElapsedTime(_realStart) * Speed;

    private TimeSpan ToReal(TimeSpan simulated)
    {
        if (simulated == Timeout.InfiniteTimeSpan || simulated == TimeSpan.Zero) return simulated;
        var real = simulated / Speed;
        return real < ShortestPeriod ? ShortestPeriod : real;
    }

    private sealed class ScaledTimer(SimulatedClock clock, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(clock.ToReal(dueTime), clock.ToReal(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
