using System.Collections.Immutable;

namespace ControlPlane.Core.Scaling.Hpa;

/// <summary>
/// What the HPA algorithm remembers of one workload. Of the past recommendations only those are kept that can still be the greatest
/// or the least of a window, so that a steady workload needs one entry a window. Every member has at most <see cref="Capacity"/> entries.
/// </summary>
[GenerateSerializer, Immutable, Alias("cp.HpaState")]
public sealed record HpaState
{
    /// <summary>Most entries of a member: an hour of 15 s steps and some.</summary>
    public const int Capacity = 256;

    /// <summary>Without memory: the first recommendation holds at once. After a restart use <see cref="Initial"/> instead.</summary>
    public static readonly HpaState Empty = new();

    /// <summary>Recommendations that no later one reached, oldest and greatest first.</summary>
    [Id(0)] public ImmutableArray<TimedReplicas> Highs { get; init; } = [];

    /// <summary>Recommendations that no later one undercut, oldest and least first.</summary>
    [Id(1)] public ImmutableArray<TimedReplicas> Lows { get; init; } = [];

    /// <summary>Pods added, by time of the change, in no particular order.</summary>
    [Id(2)] public ImmutableArray<TimedReplicas> ScaleUps { get; init; } = [];

    /// <summary>Pods removed, by time of the change, in no particular order.</summary>
    [Id(3)] public ImmutableArray<TimedReplicas> ScaleDowns { get; init; } = [];

    /// <summary>
    /// The state of a controller that has just started: the current replicas count as the first recommendation, so that nothing is
    /// removed before a whole window has passed.
    /// </summary>
    public static HpaState Initial(DateTimeOffset now, int currentReplicas)
    {
        ImmutableArray<TimedReplicas> first = [new TimedReplicas(now, currentReplicas)];
        return new HpaState { Highs = first, Lows = first };
    }
}
