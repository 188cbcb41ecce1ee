using ControlPlane.Core.Workloads;

namespace ControlPlane.Core.Scaling;

/// <summary>What became of a decision.</summary>
[GenerateSerializer, Immutable, Alias("cp.ActuationResult")]
public sealed record ActuationResult
{
    /// <summary>The decision.</summary>
    [Id(0)] public required string DecisionId { get; init; }

    /// <summary>The workload.</summary>
    [Id(1)] public required WorkloadId Workload { get; init; }

    /// <summary>When the outcome was known, UTC.</summary>
    [Id(2)] public required DateTimeOffset Time { get; init; }

    /// <summary>The outcome.</summary>
    [Id(3)] public required ActuationOutcome Outcome { get; init; }

    /// <summary>Replicas that the scale target asked for when it was last read; null when it could not be read.</summary>
    [Id(4)] public int? ReplicasSeen { get; init; }

    /// <summary>How long the API server asked to wait; null when it did not.</summary>
    [Id(5)] public TimeSpan? RetryAfter { get; init; }

    /// <summary>What went wrong, one sentence; null on success.</summary>
    [Id(6)] public string? Error { get; init; }
}

/// <summary>What became of a decision.</summary>
[GenerateSerializer, Alias("cp.ActuationOutcome")]
public enum ActuationOutcome
{
    /// <summary>The scale target now asks for the desired replicas because of this decision.</summary>
    Applied,

    /// <summary>Nothing was written: not actionable, superseded, repeated, or already as desired.</summary>
    Skipped,

    /// <summary>Somebody else changed the scale target at the same time; the next decision will see it.</summary>
    Conflict,

    /// <summary>Refused: permissions, a HorizontalPodAutoscaler on the same target, or a fence.</summary>
    Denied,

    /// <summary>Not carried out, or the outcome is unknown.</summary>
    Failed,
}
