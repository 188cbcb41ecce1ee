using ControlPlane.Core.Workloads;
using ControlPlane.Kubernetes.Api;

namespace ControlPlane.Kubernetes;

/// <summary>Where the collector's parts come from: one request each, or a cache. Failures are <see cref="KubernetesException"/>s.</summary>
internal interface IWorkloadSource
{
    Task<ScaleView> ReadScaleAsync(KubernetesClient client, WorkloadSpec spec, CancellationToken cancellationToken);

    /// <summary>Pods that match, by name.</summary>
    Task<IReadOnlyList<Core.Metrics.PodStatus>> ReadPodsAsync(KubernetesClient client, WorkloadSpec spec, string selector, CancellationToken cancellationToken);

    /// <summary>Usage of pods: at least of those that match, by name.</summary>
    Task<IReadOnlyList<PodMetrics>> ReadPodMetricsAsync(KubernetesClient client, WorkloadSpec spec, string selector, CancellationToken cancellationToken);

    /// <summary>A custom metric of the scale target; null when the server answers but has no value of it.</summary>
    Task<MetricValue?> ReadMetricAsync(KubernetesClient client, WorkloadSpec spec, string metric, CancellationToken cancellationToken);
}

/// <summary>What a scale tells: replicas asked for, and the pods' selector as text (null when it has none).</summary>
internal sealed record ScaleView(int Replicas, string? Selector);
