using ControlPlane.Core.Healing;
using ControlPlane.Core.Scaling;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Kubernetes;

/// <summary>Carries a healing decision out on a pod.</summary>
public interface IPodHealer
{
    /// <summary>
    /// Carries a decision out and tells what became of it. Every expected failure is a result. The pod that the decision was made about is
    /// known by name and time of creation, and every write has its uid as precondition: repeating a call does nothing to a successor.
    /// A disruption budget that refuses is <see cref="ActuationOutcome.Denied"/>.
    /// </summary>
    /// <param name="spec">The workload.</param>
    /// <param name="decision">The decision.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<ActuationResult> ApplyAsync(WorkloadSpec spec, HealingDecision decision, CancellationToken cancellationToken);
}
