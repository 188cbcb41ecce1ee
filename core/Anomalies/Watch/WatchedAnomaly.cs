using System.Collections.Immutable;

namespace ControlPlane.Core.Anomalies.Watch;

/// <summary>An anomaly of a workload's signals, as operators see and label it.</summary>
[GenerateSerializer, Immutable, Alias("cp.WatchedAnomaly")]
public sealed record WatchedAnomaly
{
    /// <summary>Its id within the workload, for example <c>signals@20260304T050600Z</c>: the detector and when it was detected.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>The detector that found it, as in <see cref="DetectorState.Kind"/>.</summary>
    [Id(1)] public required string Kind { get; init; }

    /// <summary>Its start, its end and what it rests on.</summary>
    [Id(2)] public required AnomalyEpisode Episode { get; init; }

    /// <summary>Whether an operator said that it was real; null while nobody said anything.</summary>
    [Id(3)] public bool? IsReal { get; init; }
}

/// <summary>A detector of a watch.</summary>
[GenerateSerializer, Immutable, Alias("cp.DetectorState")]
public sealed record DetectorState
{
    /// <summary>What it looks at: <c>signals</c> or <c>demand</c>.</summary>
    [Id(0)] public required string Kind { get; init; }

    /// <summary>Whether it can judge.</summary>
    [Id(1)] public required DetectorStatus Status { get; init; }

    /// <summary>The newest score; 0 is ordinary.</summary>
    [Id(2)] public required double Score { get; init; }

    /// <summary>What the score must exceed to be an anomaly, operators' labels included; null until the rate of false alarms can be held.</summary>
    [Id(3)] public double? Threshold { get; init; }

    /// <summary>Factor of the operators' labels on the threshold.</summary>
    [Id(4)] public required double Factor { get; init; }
}

/// <summary>What a watch over a workload's signals knows.</summary>
[GenerateSerializer, Immutable, Alias("cp.WatchOverview")]
public sealed record WatchOverview
{
    /// <summary>Nothing was seen yet.</summary>
    public static WatchOverview Empty { get; } = new();

    /// <summary>Its detectors; empty before the first step.</summary>
    [Id(0)] public ImmutableArray<DetectorState> Detectors { get; init; } = [];

    /// <summary>The newest anomalies, newest first, at most <see cref="WorkloadWatch.Kept"/>.</summary>
    [Id(1)] public ImmutableArray<WatchedAnomaly> Anomalies { get; init; } = [];
}
