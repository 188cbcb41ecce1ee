namespace ControlPlane.Core.Anomalies.Watch;

/// <summary>How often a watch over a workload's signals may be wrong.</summary>
public sealed record WatchOptions
{
    /// <summary>Default of <see cref="FalseAlarmsPerMonth"/>.</summary>
    public const double DefaultFalseAlarmsPerMonth = 1;

    /// <summary>False alarms of a workload that are accepted in 30 days, all detectors together; 0: signals are not watched. Default 1.</summary>
    public double FalseAlarmsPerMonth { get; init; } = DefaultFalseAlarmsPerMonth;
}
