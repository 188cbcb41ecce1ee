using ControlPlane.Core.Scaling.Removal;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Kubernetes;

/// <summary>Sets the deletion costs of pods before replicas are removed, and takes them away afterwards, as <see cref="RemovalChoice"/> has it.</summary>
public interface IPodMarker
{
    /// <summary>
    /// Sets what is to be set for a scale-in, or with nothing leaving takes away what is left of earlier ones. Never throws for what the cluster does: a scale-in that finds no
    /// marks is Kubernetes' own choice.
    /// </summary>
    /// <param name="spec">The workload.</param>
    /// <param name="leaving">How many pods are removed; 0 cleans.</param>
    /// <param name="hints">What is known of the pods.</param>
    /// <param name="reason">The decision that asks for it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether costs of ours are left on pods, or may be; false when there are none.</returns>
    Task<bool> MarkAsync(WorkloadSpec spec, int leaving, RemovalHints hints, string reason, CancellationToken cancellationToken);
}
