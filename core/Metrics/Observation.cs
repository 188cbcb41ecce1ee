using System.Collections.Immutable;
using ControlPlane.Core.Anomalies.Health;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Core.Metrics;

/// <summary>One closed step of one workload. A null says that the value is unknown.</summary>
[GenerateSerializer, Immutable, Alias("cp.Observation")]
public sealed record Observation
{
    /// <summary>The workload.</summary>
    [Id(0)] public required WorkloadId Workload { get; init; }

    /// <summary>End of the step, on the step grid, UTC. It identifies the observation within its workload.</summary>
    [Id(1)] public required DateTimeOffset Time { get; init; }

    /// <summary>Length of the step.</summary>
    [Id(2)] public required TimeSpan Step { get; init; }

    /// <summary>Mean offered load over the step, requests per second, as measured.</summary>
    [Id(3)] public double? Demand { get; init; }

    /// <summary>The demand after the outlier filter, for the models only; null when unknown.</summary>
    [Id(4)] public double? FilteredDemand { get; init; }

    /// <summary>Replicas that the scale target asks for.</summary>
    [Id(5)] public int? CurrentReplicas { get; init; }

    /// <summary>Pods that are ready to serve.</summary>
    [Id(6)] public int? ReadyReplicas { get; init; }

    /// <summary>CPU usage ÷ CPU request over the measured pods, a fraction.</summary>
    [Id(7)] public double? Utilization { get; init; }

    /// <summary>Median response time.</summary>
    [Id(8)] public double? LatencyP50Seconds { get; init; }

    /// <summary>95th percentile of the response time.</summary>
    [Id(9)] public double? LatencyP95Seconds { get; init; }

    /// <summary>99th percentile of the response time.</summary>
    [Id(10)] public double? LatencyP99Seconds { get; init; }

    /// <summary>Share of requests that failed, a fraction.</summary>
    [Id(11)] public double? ErrorRatio { get; init; }

    /// <summary>Pod metrics as the HPA algorithm needs them, one entry a metric; absent when not measured.</summary>
    [Id(12)] public ImmutableArray<PodMetricSummary> PodMetrics { get; init; } = [];

    /// <summary>Seconds from creation to readiness of the newest pods, measured; null before the first.</summary>
    [Id(13)] public double? StartupSeconds { get; init; }

    /// <summary>Names of the signals that should be there and are not.</summary>
    [Id(14)] public ImmutableArray<string> MissingSignals { get; init; } = [];

    /// <summary>What is wrong with the workload and its pods; null when nothing is.</summary>
    [Id(20)] public HealthReport? Health { get; init; }
}

/// <summary>
/// One metric over a workload's pods, reduced to what the HPA's arithmetic needs (Kubernetes <c>replica_calculator.go</c>: ready,
/// missing, unready and ignored pods). Quantities are thousandths of the metric's unit, as Kubernetes counts them.
/// </summary>
[GenerateSerializer, Immutable, Alias("cp.PodMetricSummary")]
public sealed record PodMetricSummary
{
    /// <summary>The metric, for example <see cref="SignalNames.Cpu"/>.</summary>
    [Id(0)] public required string Metric { get; init; }

    /// <summary>Pods that count as ready and have a value.</summary>
    [Id(1)] public int ReadyPods { get; init; }

    /// <summary>Sum of the ready pods' values.</summary>
    [Id(2)] public long UsageMilli { get; init; }

    /// <summary>Sum of the ready pods' requests; null when a pod has no request, so that utilization is unknown.</summary>
    [Id(3)] public long? RequestMilli { get; init; }

    /// <summary>Pods without a value.</summary>
    [Id(4)] public int MissingPods { get; init; }

    /// <summary>Sum of the missing pods' requests.</summary>
    [Id(5)] public long MissingRequestMilli { get; init; }

    /// <summary>Pods whose value is set aside because they are not ready or still initialising.</summary>
    [Id(6)] public int UnreadyPods { get; init; }

    /// <summary>Sum of the unready pods' requests.</summary>
    [Id(7)] public long UnreadyRequestMilli { get; init; }

    /// <summary>
    /// The missing pods' requests one by one, for exact rounding where the target is above 100%; empty when they are all equal.
    /// </summary>
    [Id(8)] public ImmutableArray<long> MissingPodRequestsMilli { get; init; } = [];
}
