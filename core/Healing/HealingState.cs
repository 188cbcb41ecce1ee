using System.Collections.Immutable;
using ControlPlane.Core.Anomalies.Health;

namespace ControlPlane.Core.Healing;

/// <summary>What healing remembers of one workload; bounded, immutable, stored with the grain.</summary>
[GenerateSerializer, Immutable, Alias("cp.HealingState")]
public sealed record HealingState
{
    /// <summary>Evictions that are remembered; a policy's daily limit is no larger.</summary>
    public const int MostEvictions = 48;

    /// <summary>Marks that are remembered.</summary>
    public const int MostMarks = 16;

    /// <summary>Nothing was done yet.</summary>
    public static HealingState Empty { get; } = new();

    /// <summary>Evictions, oldest first.</summary>
    [Id(0)] public ImmutableArray<HealingDeed> Evictions { get; init; } = [];

    /// <summary>Since when replicas are not taken away, UTC; null while they may be.</summary>
    [Id(1)] public DateTimeOffset? HoldingSince { get; init; }

    /// <summary>The newest scale-in that was carried out; null before the first.</summary>
    [Id(2)] public ScaleInMark? ScaleIn { get; init; }

    /// <summary>Pods that were marked to go first, oldest first.</summary>
    [Id(3)] public ImmutableArray<HealingDeed> Marks { get; init; } = [];

    /// <summary>When an eviction was last tried, UTC, whatever became of it; null before the first.</summary>
    [Id(4)] public DateTimeOffset? TriedAt { get; init; }

    /// <summary>The state after an eviction.</summary>
    internal HealingState Evicted(HealingDeed deed) => this with { Evictions = Append(Evictions, deed, MostEvictions), TriedAt = deed.Time };

    /// <summary>The state after a mark.</summary>
    internal HealingState Marked(HealingDeed deed) => this with { Marks = Append(Marks, deed, MostMarks) };

    /// <summary>Whether a pod, and not one of the same name before it, is among some deeds.</summary>
    internal static bool Has(ImmutableArray<HealingDeed> deeds, PodFault fault)
    {
        foreach (var deed in deeds)
            if (deed.Pod == fault.Pod && deed.CreatedAt == fault.CreatedAt) return true;
        return false;
    }

    private static ImmutableArray<HealingDeed> Append(ImmutableArray<HealingDeed> deeds, HealingDeed deed, int most) => [.. deeds.Length >= most ? deeds.RemoveAt(0) : deeds, deed];
}

/// <summary>One thing that was done to a pod.</summary>
/// <param name="Time">When, UTC.</param>
/// <param name="Pod">The pod's name.</param>
/// <param name="CreatedAt">When the pod was created, UTC.</param>
/// <param name="Node">The node that it was on; null when unknown.</param>
/// <param name="Kind">Its fault.</param>
/// <param name="WasReady">Whether it still got requests.</param>
/// <param name="OfNode">Whether its node was the cause.</param>
[GenerateSerializer, Immutable, Alias("cp.HealingDeed")]
public sealed record HealingDeed(
    [property: Id(0)] DateTimeOffset Time,
    [property: Id(1)] string Pod,
    [property: Id(2)] DateTimeOffset? CreatedAt,
    [property: Id(3)] string? Node,
    [property: Id(4)] PodFaultKind Kind,
    [property: Id(5)] bool WasReady,
    [property: Id(6)] bool OfNode);

/// <summary>A scale-in.</summary>
/// <param name="Time">When it was decided, UTC.</param>
/// <param name="From">Replicas before.</param>
/// <param name="To">Replicas after.</param>
/// <param name="Demand">Demand at that time, requests per second; null when unknown.</param>
/// <param name="UndoneAt">When it was undone, UTC; null when it was not.</param>
[GenerateSerializer, Immutable, Alias("cp.ScaleInMark")]
public sealed record ScaleInMark(
    [property: Id(0)] DateTimeOffset Time,
    [property: Id(1)] int From,
    [property: Id(2)] int To,
    [property: Id(3)] double? Demand,
    [property: Id(4)] DateTimeOffset? UndoneAt = null);
