using System.Collections.Immutable;
using ControlPlane.Core.Metrics;

namespace ControlPlane.Kubernetes;

/// <summary>What the collector reads and how.</summary>
public sealed record CollectorOptions
{
    /// <summary>Whether pods and workloads are watched once per namespace and metrics are listed once per namespace and step, for large
    /// fleets in real time; false: every reading asks for itself, as virtual time needs it. Default false.</summary>
    public bool UseCache { get; init; }

    /// <summary>
    /// Custom metrics of the scale target that are read beside the demand, when the workload has a demand metric. One that the cluster does
    /// not serve is absent without a word. Default: the latency quantiles and the error ratio.
    /// </summary>
    public ImmutableArray<string> WorkloadMetrics { get; init; } =
        [SignalNames.LatencyP50, SignalNames.LatencyP95, SignalNames.LatencyP99, SignalNames.ErrorRatio];

    /// <summary>How long a metric that the cluster does not serve is not asked for again. Default 1 min.</summary>
    public TimeSpan AbsentMetricMaxAge { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>With the cache: how long a namespace's metrics are given to its other workloads; less than a step. Default 5 s.</summary>
    public TimeSpan SharedReadMaxAge { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>With the cache: how long what a broken watch left is still given out. Default 1 min.</summary>
    public TimeSpan CacheMaxStaleness { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>With the cache: how long a reading waits for the first list of a namespace. Default 10 s.</summary>
    public TimeSpan CacheStartTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>With the cache: waits between tries of a list or watch that fails.</summary>
    public Backoff Backoff { get; init; } = new() { Initial = TimeSpan.FromMilliseconds(500), Max = TimeSpan.FromSeconds(30) };

    internal IEnumerable<string> Validate()
    {
        if (WorkloadMetrics.IsDefault || WorkloadMetrics.Any(string.IsNullOrWhiteSpace)) yield return $"{nameof(WorkloadMetrics)} has an empty name.";
        if (AbsentMetricMaxAge < TimeSpan.Zero) yield return $"{nameof(AbsentMetricMaxAge)} is {AbsentMetricMaxAge}: it must not be negative.";
        if (SharedReadMaxAge < TimeSpan.Zero) yield return $"{nameof(SharedReadMaxAge)} is {SharedReadMaxAge}: it must not be negative.";
        if (CacheMaxStaleness <= TimeSpan.Zero) yield return $"{nameof(CacheMaxStaleness)} is {CacheMaxStaleness}: it must be greater than 0.";
        if (CacheStartTimeout <= TimeSpan.Zero) yield return $"{nameof(CacheStartTimeout)} is {CacheStartTimeout}: it must be greater than 0.";
        foreach (var fault in Backoff.Validate(nameof(Backoff))) yield return fault;
    }
}
