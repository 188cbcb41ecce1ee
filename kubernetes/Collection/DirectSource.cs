using ControlPlane.Core.Workloads;
using ControlPlane.Kubernetes.Api;

namespace ControlPlane.Kubernetes;

/// <summary>Asks the API server anew each time.</summary>
internal sealed class DirectSource : IWorkloadSource
{
    public async Task<ScaleView> ReadScaleAsync(KubernetesClient client, WorkloadSpec spec, CancellationToken cancellationToken)
    {
        var resource = KubernetesResource.Scale(spec.ApiVersion, spec.Resource, spec.Id.Namespace, spec.Id.Name);
        var scale = await client.GetAsync<Scale>(resource, cancellationToken).ConfigureAwait(false);
        return scale.Spec is { } wanted
            ? new ScaleView(wanted.Replicas, scale.Status?.Selector)
            : throw new KubernetesException(KubernetesFailure.BadAnswer, $"{client.Server.Authority}: the scale of {resource.Description} has no spec");
    }

    public async Task<IReadOnlyList<Core.Metrics.PodStatus>> ReadPodsAsync(
        KubernetesClient client, WorkloadSpec spec, string selector, CancellationToken cancellationToken)
    {
        var list = await client.ListAsync<Pod>(KubernetesResource.Pods(spec.Id.Namespace), new ListOptions(selector), cancellationToken).ConfigureAwait(false);
        return [.. list.Items.Select(PodReader.Read).OrderBy(p => p.Name, StringComparer.Ordinal)];
    }

    public async Task<IReadOnlyList<PodMetrics>> ReadPodMetricsAsync(
        KubernetesClient client, WorkloadSpec spec, string selector, CancellationToken cancellationToken)
    {
        var list = await client.ListAsync<PodMetrics>(KubernetesResource.PodMetrics(spec.Id.Namespace), new ListOptions(selector), cancellationToken).ConfigureAwait(false);
        return [.. list.Items.OrderBy(p => p.Metadata.Name, StringComparer.Ordinal)];
    }

    public async Task<MetricValue?> ReadMetricAsync(KubernetesClient client, WorkloadSpec spec, string metric, CancellationToken cancellationToken)
    {
        var resource = KubernetesResource.CustomMetric(spec.Id.Namespace, GroupResource(spec), spec.Id.Name, metric);
        var list = await client.GetAsync<KubernetesList<MetricValue>>(resource, cancellationToken).ConfigureAwait(false);
        return list.Items.FirstOrDefault(v => v.DescribedObject?.Name == spec.Id.Name) ?? (list.Items.Count == 1 ? list.Items[0] : null);
    }

    /// <summary>Plural and group as the custom metrics API has them in its path, for example <c>deployments.apps</c>.</summary>
    public static string GroupResource(WorkloadSpec spec) =>
        KubernetesResource.SplitApiVersion(spec.ApiVersion).Group is { Length: > 0 } group ? $"{spec.Resource}.{group}" : spec.Resource;
}
