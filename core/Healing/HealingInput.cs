using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;

namespace ControlPlane.Core.Healing;

/// <summary>Everything that one healing decision works from besides the state.</summary>
[GenerateSerializer, Immutable, Alias("cp.HealingInput")]
public sealed record HealingInput
{
    /// <summary>The step, with what is wrong with the pods.</summary>
    [Id(0)] public required Observation Observation { get; init; }

    /// <summary>The policy in force.</summary>
    [Id(1)] public required PolicyDocument Policy { get; init; }

    /// <summary>Epoch of the decision maker.</summary>
    [Id(2)] public required long Epoch { get; init; }

    /// <summary>Number of the decision within the epoch.</summary>
    [Id(3)] public required long Sequence { get; init; }

    /// <summary>Number of the decision within its step, from 0.</summary>
    [Id(5)] public int Number { get; init; }

    /// <summary>The cluster's answer to the wish to evict; null when it was not asked.</summary>
    [Id(4)] public HealingAnswer? Answer { get; init; }
}
