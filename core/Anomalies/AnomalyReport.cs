using System.Collections.Immutable;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Core.Anomalies;

/// <summary>Something about a workload or one of its pods that is unlike what it was.</summary>
[GenerateSerializer, Immutable, Alias("cp.AnomalyReport")]
public sealed record AnomalyReport
{
    /// <summary>The workload.</summary>
    [Id(0)] public required WorkloadId Workload { get; init; }

    /// <summary>Time of the observation it speaks of, UTC.</summary>
    [Id(1)] public required DateTimeOffset Time { get; init; }

    /// <summary>The pod; null when the whole workload is meant.</summary>
    [Id(2)] public string? Pod { get; init; }

    /// <summary>What kind of anomaly it is, a stable lower-case word.</summary>
    [Id(3)] public required string Kind { get; init; }

    /// <summary>The score; higher is stranger.</summary>
    [Id(4)] public required double Score { get; init; }

    /// <summary>The threshold that the score passed.</summary>
    [Id(5)] public required double Threshold { get; init; }

    /// <summary>What it rests on, one sentence each, strongest first.</summary>
    [Id(6)] public ImmutableArray<string> Evidence { get; init; } = [];

    /// <summary>Its start, its end and its signals' shares, where it is an anomaly of signals; else null.</summary>
    [Id(7)] public AnomalyEpisode? Episode { get; init; }
}
