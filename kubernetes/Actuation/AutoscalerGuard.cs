using ControlPlane.Core.Workloads;
using ControlPlane.Kubernetes.Api;

namespace ControlPlane.Kubernetes;

/// <summary>Finds a HorizontalPodAutoscaler that controls the same scale target: two controllers would fight.</summary>
internal sealed class AutoscalerGuard(TimeSpan maxAge, TimeProvider time)
{
    private readonly SharedReads<(string Cluster, string Namespace), IReadOnlyList<HorizontalPodAutoscaler>> _lists = new(maxAge, time);

    /// <summary>The name of the autoscaler; null when there is none.</summary>
    /// <exception cref="KubernetesException">The autoscalers cannot be listed.</exception>
    public async Task<string?> FindAsync(KubernetesClient client, WorkloadSpec spec, CancellationToken cancellationToken)
    {
        var (cluster, ns) = (spec.Id.Cluster, spec.Id.Namespace);
        var all = await _lists.GetAsync((cluster, ns), token => ListAsync(client, ns, token), cancellationToken).ConfigureAwait(false);
        foreach (var autoscaler in all)
            if (autoscaler.Spec?.ScaleTargetRef is { } target && IsSame(target, spec)) return autoscaler.Metadata.Name;
        return null;
    }

    /// <summary>The version does not count: <c>apps/v1</c> and <c>apps/v1beta1</c> are the same object.</summary>
    private static bool IsSame(CrossVersionObjectReference target, WorkloadSpec spec) =>
        target.Name == spec.Id.Name
        && string.Equals(target.Kind, spec.Id.Kind, StringComparison.OrdinalIgnoreCase)
        && (target.ApiVersion is null || KubernetesResource.SplitApiVersion(target.ApiVersion).Group == KubernetesResource.SplitApiVersion(spec.ApiVersion).Group);

    private static async Task<IReadOnlyList<HorizontalPodAutoscaler>> ListAsync(KubernetesClient client, string ns, CancellationToken cancellationToken)
    {
        try
        {
            var list = await client.ListAsync<HorizontalPodAutoscaler>(KubernetesResource.HorizontalPodAutoscalers(ns), null, cancellationToken).ConfigureAwait(false);
            return list.Items;
        }
        catch (KubernetesException e) when (e.Failure == KubernetesFailure.NotFound)
        {
            return []; // A cluster without that API has no autoscalers.
        }
    }
}
