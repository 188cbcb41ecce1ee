using ControlPlane.Core.Workloads;

namespace ControlPlane.Core.Healing;

/// <summary>A workload's wish to evict a pod, put to its cluster.</summary>
/// <param name="Time">When, UTC.</param>
/// <param name="Workload">The workload.</param>
/// <param name="Pod">The pod.</param>
/// <param name="Node">The node that it is on; null when unknown.</param>
[GenerateSerializer, Immutable, Alias("cp.HealingWish")]
public sealed record HealingWish(
    [property: Id(0)] DateTimeOffset Time, [property: Id(1)] WorkloadId Workload, [property: Id(2)] string Pod, [property: Id(3)] string? Node);

/// <summary>What the cluster says to a wish.</summary>
/// <param name="IsGranted">Whether the pod may be evicted.</param>
/// <param name="Reason">Why not; <see cref="HealingReason.PodFault"/> or <see cref="HealingReason.NodeTrouble"/> when it may.</param>
/// <param name="Evidence">What the answer rests on, one sentence; empty when there is nothing to say.</param>
[GenerateSerializer, Immutable, Alias("cp.HealingAnswer")]
public sealed record HealingAnswer(
    [property: Id(0)] bool IsGranted, [property: Id(1)] HealingReason Reason, [property: Id(2)] string Evidence = "")
{
    /// <summary>The answer when the cluster could not be asked.</summary>
    public static HealingAnswer Unknown { get; } = new(false, HealingReason.NoPermission);
}
