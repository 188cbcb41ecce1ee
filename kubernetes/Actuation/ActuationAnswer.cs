using ControlPlane.Core.Scaling;

namespace ControlPlane.Kubernetes;

/// <summary>Makes the results of one decision.</summary>
internal sealed class ActuationAnswer(ScalingDecision decision, TimeProvider time)
{
    public ActuationResult Applied(int seen) => Make(ActuationOutcome.Applied, seen, null, null);

    public ActuationResult Skipped(int? seen) => Make(ActuationOutcome.Skipped, seen, null, null);

    public ActuationResult Conflict(int seen, string error) => Make(ActuationOutcome.Conflict, seen, error, null);

    public ActuationResult Denied(int? seen, string error) => Make(ActuationOutcome.Denied, seen, error, null);

    public ActuationResult Failed(int? seen, string error, TimeSpan? retryAfter = null) => Make(ActuationOutcome.Failed, seen, error, retryAfter);

    public ActuationResult Unknown(int? seen, string error, TimeSpan? retryAfter = null) => Failed(seen, $"outcome unknown: {error}", retryAfter);

    /// <summary>The result of a failure that certainly changed nothing.</summary>
    public ActuationResult From(KubernetesException e, int? seen) => e.Failure is KubernetesFailure.Forbidden or KubernetesFailure.Unauthorized
        ? Denied(seen, e.Message)
        : Failed(seen, e.Message, e.RetryAfter);

    private ActuationResult Make(ActuationOutcome outcome, int? seen, string? error, TimeSpan? retryAfter) => new()
    {
        DecisionId = decision.Id,
        Workload = decision.Workload,
        Time = time.GetUtcNow(),
        Outcome = outcome,
        ReplicasSeen = seen,
        RetryAfter = retryAfter,
        Error = error,
    };
}
