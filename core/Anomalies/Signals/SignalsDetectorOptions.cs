using System.Collections.Immutable;

namespace ControlPlane.Core.Anomalies.Signals;

/// <summary>Signals, scales and the false-alarm rate of a <see cref="SignalsDetector"/>.</summary>
public sealed record SignalsDetectorOptions
{
    /// <summary>Most signals that a detector takes.</summary>
    public const int MostSignals = 38;

    /// <summary>Default of <see cref="Resolution"/>.</summary>
    public const double DefaultResolution = 1e-3;

    /// <summary>Default of <see cref="FalseAlarmsPerMonth"/>.</summary>
    public const double DefaultFalseAlarmsPerMonth = 1;

    /// <summary>Names of the signals, in the order of their values; 1 to 38.</summary>
    public required ImmutableArray<string> Signals { get; init; }

    /// <summary>Length of a step, above 0.</summary>
    public required TimeSpan Step { get; init; }

    /// <summary>What is too small to matter, in the unit of the signals, above 0: bring them to ratios first. Default 0.001.</summary>
    public double Resolution { get; init; } = DefaultResolution;

    /// <summary>False alarms that are accepted in 30 days, above 0. Default 1.</summary>
    public double FalseAlarmsPerMonth { get; init; } = DefaultFalseAlarmsPerMonth;

    /// <summary>Time in which means settle and nothing is counted yet. Default 2 days.</summary>
    public TimeSpan Settling { get; init; } = TimeSpan.FromDays(2);

    /// <summary>Time in which everything is learnt from; later only what is not anomalous. Default 21 days.</summary>
    public TimeSpan Learning { get; init; } = TimeSpan.FromDays(21);
}
