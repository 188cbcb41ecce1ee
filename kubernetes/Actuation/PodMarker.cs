using System.Globalization;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Scaling.Removal;
using ControlPlane.Core.Workloads;
using ControlPlane.Kubernetes.Api;

namespace ControlPlane.Kubernetes;

/// <summary>Sets deletion costs through the API, each write about one pod by its uid.</summary>
/// <param name="clients">The API clients.</param>
/// <param name="options">Bounds; null: the defaults.</param>
/// <param name="time">The clock.</param>
public sealed class PodMarker(IKubernetesClients clients, ActuatorOptions? options, TimeProvider time) : IPodMarker
{
    private readonly ActuatorOptions _options = options ?? new ActuatorOptions();
    private readonly DirectSource _source = new();

    /// <inheritdoc/>
    public async Task<bool> MarkAsync(WorkloadSpec spec, int leaving, RemovalHints hints, string reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(hints);
        if (spec.Resource == "statefulsets") return false; // It removes the highest ordinal, whatever that costs.
        using var timeout = new CancellationTokenSource(_options.MarkTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await MarkCoreAsync(clients.Get(spec.Id.Cluster), spec, leaving, hints, reason, either.Token).ConfigureAwait(false);
        }
        catch (KubernetesException e)
        {
            return e.Failure != KubernetesFailure.NotFound;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return true;
        }
    }

    /// <summary>The patch that sets a pod's cost, or takes ours away.</summary>
    internal static object Patch(string uid, int? cost, string reason) => new
    {
        metadata = new
        {
            uid,
            annotations = new Dictionary<string, string?>
            {
                [RemovalChoice.CostAnnotation] = cost?.ToString(CultureInfo.InvariantCulture),
                [RemovalChoice.OwnerAnnotation] = cost is null ? null : reason,
            },
        },
    };

    private async Task<bool> MarkCoreAsync(KubernetesClient client, WorkloadSpec spec, int leaving, RemovalHints hints, string reason, CancellationToken cancellationToken)
    {
        var scale = await _source.ReadScaleAsync(client, spec, cancellationToken).ConfigureAwait(false);
        if (string.IsNullOrWhiteSpace(scale.Selector)) return false;
        var list = await client.ListAsync<Pod>(KubernetesResource.Pods(spec.Id.Namespace), new ListOptions(scale.Selector), cancellationToken).ConfigureAwait(false);
        var pods = list.Items.Where(p => p.Metadata is { Name.Length: > 0, Uid.Length: > 0, DeletionTimestamp: null }).ToDictionary(p => p.Metadata.Name!, StringComparer.Ordinal);
        var candidates = pods.Values.Select(Candidate).ToList();
        var isLeft = candidates.Exists(c => c.IsOurs);
        if (leaving > 0 || isLeft)
        {
            var marks = RemovalChoice.Marks(candidates, leaving, hints);
            foreach (var mark in marks) await SetAsync(client, spec, pods[mark.Pod].Metadata.Uid!, mark, reason, cancellationToken).ConfigureAwait(false);
            isLeft = marks.Any(m => m.Cost is not null) || candidates.Exists(c => c.IsOurs && !marks.Any(m => m.Pod == c.Name));
        }

        return isLeft;
    }

    private static Task SetAsync(KubernetesClient client, WorkloadSpec spec, string uid, RemovalMark mark, string reason, CancellationToken cancellationToken) =>
        client.PatchAsync<Pod>(KubernetesResource.Pod(spec.Id.Namespace, mark.Pod), PatchType.Merge, Patch(uid, mark.Cost, reason), null, cancellationToken);

    private static RemovalCandidate Candidate(Pod pod)
    {
        var status = PodReader.Read(pod);
        var cost = Annotation(pod, RemovalChoice.CostAnnotation) is { } text && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : (int?)null;
        var isReady = status is { Node: not null, Phase: PodPhase.Running, IsReady: true };
        return new RemovalCandidate(status.Name, status.CreatedAt, isReady, status.ReadyChangedAt, cost, Annotation(pod, RemovalChoice.OwnerAnnotation) is not null);
    }

    private static string? Annotation(Pod pod, string name) => pod.Metadata.Annotations?.GetValueOrDefault(name);
}
