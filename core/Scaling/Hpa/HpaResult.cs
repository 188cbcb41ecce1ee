using System.Collections.Immutable;

namespace ControlPlane.Core.Scaling.Hpa;

/// <summary>Outcome of one evaluation of the HPA algorithm. Nulls say that it has no opinion: the replicas stay as they are.</summary>
public readonly record struct HpaResult
{
    /// <summary>The state for the next evaluation.</summary>
    public required HpaState State { get; init; }

    /// <summary>The greatest proposal of the metrics, before stabilization; null when no metric speaks.</summary>
    public int? Recommended { get; init; }

    /// <summary>After the stabilization windows.</summary>
    public int? Stabilized { get; init; }

    /// <summary>After rate limits and bounds.</summary>
    public int? Desired { get; init; }

    /// <summary>What held or limited the answer, one of <see cref="HpaRules"/>; null when the recommendation passed unchanged.</summary>
    public string? Rule { get; init; }

    /// <summary>What each metric of the policy asked for, in the policy's order; empty when the metrics were not looked at.</summary>
    public required ImmutableArray<MetricProposal> Proposals { get; init; }
}
