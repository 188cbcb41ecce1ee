using System.Collections.Immutable;
using ControlPlane.Core.Anomalies.Health;

namespace ControlPlane.Core.Scaling.Removal;

/// <summary>
/// Which pods go first when replicas are removed, in the words of Kubernetes: the deletion cost of pods, of which a ReplicaSet removes the cheapest first. A StatefulSet
/// does not look at it, it removes the highest ordinal.
/// <para>The order, and why: (1) pods that are not ready, for nobody misses them: a ReplicaSet takes them first by itself, before any cost. (2) Pods with a fault that
/// harms users, worst first, then odd ones: what goes anyway should be what works worst. (3) Pods with fewer open connections, where every healthy pod reports them: least
/// work is cut off or has to be drained. (4) Younger pods, whose caches are cold: that is a ReplicaSet's own order, after it has spread the pods over the nodes, so that
/// no cost is set for it.</para>
/// <para>So of a healthy workload without reports of connections no pod is touched at all.</para>
/// </summary>
public static class RemovalChoice
{
    /// <summary>The annotation that a ReplicaSet looks at.</summary>
    public const string CostAnnotation = "controller.kubernetes.io/pod-deletion-cost";

    /// <summary>The annotation that says whose the cost is; its value is the decision.</summary>
    public const string OwnerAnnotation = "controlplane/goes-first";

    /// <summary>The signal with which a pod reports its open connections.</summary>
    public const string ConnectionsSignal = "connections";

    /// <summary>Cost of a pod with a harmful fault; a pod without a cost has 0.</summary>
    public const int FaultyCost = -1000;

    /// <summary>Cost of a healthy or merely odd pod that is chosen.</summary>
    public const int ChosenCost = -100;

    /// <summary>Most pods whose cost is set for one scale-in; of more, Kubernetes chooses the rest.</summary>
    public const int MostMarked = 32;

    private const int Healthy = int.MaxValue;

    /// <summary>The costs to set and to take away before replicas are removed; pods whose cost stays are not among them.</summary>
    /// <param name="pods">The workload's pods, without those that are going already.</param>
    /// <param name="leaving">How many are removed; 0 keeps marks of pods that still have a fault, and takes the others away.</param>
    /// <param name="hints">What is known of them.</param>
    public static ImmutableArray<RemovalMark> Marks(IReadOnlyCollection<RemovalCandidate> pods, int leaving, RemovalHints hints)
    {
        ArgumentNullException.ThrowIfNull(pods);
        ArgumentNullException.ThrowIfNull(hints);
        var wanted = leaving > 0 ? Chosen(pods, leaving, hints) : Faulty(pods, hints);
        var marks = ImmutableArray.CreateBuilder<RemovalMark>();
        foreach (var (pod, cost) in wanted)
            if (pod.Cost != cost) marks.Add(new RemovalMark(pod.Name, cost));
        foreach (var pod in pods.OrderBy(p => p.Name, StringComparer.Ordinal))
            if (pod.IsOurs && !wanted.Exists(w => w.Pod.Name == pod.Name)) marks.Add(new RemovalMark(pod.Name, null));
        return marks.ToImmutable();
    }

    /// <summary>The first of the order, as far as Kubernetes would not take them by itself.</summary>
    private static List<(RemovalCandidate Pod, int Cost)> Chosen(IReadOnlyCollection<RemovalCandidate> pods, int leaving, RemovalHints hints)
    {
        var ready = pods.Count(p => !p.IsReady) is var unready && leaving > unready ? leaving - unready : 0;
        var connections = Connections(pods, hints);
        var order = pods.Where(p => p.IsReady && IsFree(p))
            .Select(p => (Pod: p, Rank: Rank(p, hints)))
            .OrderBy(p => p.Rank == Healthy ? 0 : CostOf(p.Rank, hints) == FaultyCost ? -2 : -1)
            .ThenBy(p => p.Rank)
            .ThenBy(p => connections?.GetValueOrDefault(p.Pod.Name) ?? 0)
            .ThenByDescending(p => p.Pod.ReadySince)
            .ThenBy(p => p.Pod.Name, StringComparer.Ordinal);
        return [.. order.Take(Math.Min(ready, MostMarked)).Where(p => p.Rank != Healthy || connections is not null).Select(p => (p.Pod, CostOf(p.Rank, hints)))];
    }

    /// <summary>Pods that healing or an earlier scale-in marked and that still have a harmful fault.</summary>
    private static List<(RemovalCandidate Pod, int Cost)> Faulty(IReadOnlyCollection<RemovalCandidate> pods, RemovalHints hints) =>
        [.. pods.Where(p => p.IsOurs && Rank(p, hints) is var rank && rank != Healthy && hints.Faults[rank].Kind != PodFaultKind.Odd).Select(p => (p, FaultyCost))];

    private static int CostOf(int rank, RemovalHints hints) => rank != Healthy && hints.Faults[rank].Kind != PodFaultKind.Odd ? FaultyCost : ChosenCost;

    /// <summary>Place of the pod's fault, the harmful ones before the odd.</summary>
    private static int Rank(RemovalCandidate pod, RemovalHints hints)
    {
        var found = Healthy;
        for (var i = 0; i < hints.Faults.Length; i++)
        {
            var fault = hints.Faults[i];
            var isOfPod = fault.Pod == pod.Name && (fault.CreatedAt is null || pod.CreatedAt is null || Seconds(fault.CreatedAt) == Seconds(pod.CreatedAt));
            if (isOfPod && (found == Healthy || (fault.Kind != PodFaultKind.Odd && hints.Faults[found].Kind == PodFaultKind.Odd))) found = i;
        }

        return found;
    }

    /// <summary>Connections by pod; null where a healthy pod does not tell, or all have as many.</summary>
    private static Dictionary<string, double>? Connections(IReadOnlyCollection<RemovalCandidate> pods, RemovalHints hints)
    {
        var known = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var pod in hints.Connections) known[pod.Pod] = pod.Count;
        var counts = new HashSet<double>();
        foreach (var pod in pods)
        {
            if (!pod.IsReady || !IsFree(pod) || Rank(pod, hints) != Healthy) continue;
            if (!known.TryGetValue(pod.Name, out var count)) return null;
            counts.Add(count);
        }

        return counts.Count > 1 ? known : null;
    }

    private static bool IsFree(RemovalCandidate pod) => pod.Cost is null || pod.IsOurs;

    private static long? Seconds(DateTimeOffset? moment) => moment?.UtcTicks / TimeSpan.TicksPerSecond;
}
