using ControlPlane.Core.Healing;
using ControlPlane.Core.Scaling;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Kubernetes;

/// <summary>For hosts without a cluster that could be asked: nothing is done.</summary>
/// <param name="time">The clock.</param>
public sealed class NoPodHealer(TimeProvider time) : IPodHealer
{
    /// <inheritdoc/>
    public Task<ActuationResult> ApplyAsync(WorkloadSpec spec, HealingDecision decision, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(decision);
        return Task.FromResult(new ActuationResult
        {
            DecisionId = decision.Id,
            Workload = decision.Workload,
            Time = time.GetUtcNow(),
            Outcome = ActuationOutcome.Denied,
            Error = "this host has no cluster whose pods could be healed",
        });
    }
}
