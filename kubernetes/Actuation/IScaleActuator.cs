using ControlPlane.Core.Scaling;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Kubernetes;

/// <summary>Carries a decision out on the scale target.</summary>
public interface IScaleActuator
{
    /// <summary>
    /// Carries a decision out, at most once, and tells what became of it. Every expected failure is a result.
    /// <para>The caller fences: <paramref name="beforeWrite"/> is awaited before a write to a resource version goes out for the first time, on
    /// the caller's own scheduler, so that a grain may store the intent with an etag in it. When it throws, nothing is written any more and
    /// the exception passes through. Every write of one call to one resource version has that version as precondition, so that of all of
    /// them only one can land.</para>
    /// <para>Across calls the caller is idempotent by decision id: it stores the intent, and never asks again for a decision whose intent it
    /// finds open (after a crash, say), for its outcome is unknown; the next decision reads what is there and goes on from that.</para>
    /// </summary>
    /// <param name="spec">The workload and its scale target.</param>
    /// <param name="decision">The decision.</param>
    /// <param name="beforeWrite">Stores the intent; again for each new resource version.</param>
    /// <param name="cancellationToken">Gives up; a write on its way then has an unknown outcome.</param>
    Task<ActuationResult> ApplyAsync(
        WorkloadSpec spec, ScalingDecision decision, Func<ScaleIntent, Task> beforeWrite, CancellationToken cancellationToken);
}

/// <summary>A write that is about to be sent.</summary>
/// <param name="DecisionId">The decision.</param>
/// <param name="Epoch">The decision's epoch.</param>
/// <param name="From">Replicas that the scale target asks for.</param>
/// <param name="To">Replicas that it is to ask for.</param>
/// <param name="ResourceVersion">The version that the write replaces, and no other.</param>
public sealed record ScaleIntent(string DecisionId, long Epoch, int From, int To, string ResourceVersion);
