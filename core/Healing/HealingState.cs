using System.Collections.Immutable;
using ControlPlane.Core.Anomalies.Health;

namespace ControlPlane.Core.Healing;

/// <summary>What healing remembers of one workload; bounded, immutable, stored with the grain.</summary>
[GenerateSerializer, Immutable, Alias("cp.HealingState")]
public sealed record HealingState
{
    /// <summary>Deeds that are remembered.</summary>
    public const int MostDeeds = 24;

    /// <summary>Nothing was done yet.</summary>
    public static HealingState Empty { get; } = new();

    /// <summary>What was done, oldest first.</summary>
    [Id(0)] public ImmutableArray<HealingDeed> Deeds { get; init; } = [];

    /// <summary>Since when replicas are not taken away, UTC; null while they may be.</summary>
    [Id(1)] public DateTimeOffset? HoldingSince { get; init; }

    /// <summary>The newest scale-in that was carried out; null before the first.</summary>
    [Id(2)] public ScaleInMark? ScaleIn { get; init; }

    /// <summary>The state with a deed more.</summary>
    internal HealingState With(HealingDeed deed) => this with { Deeds = [.. Deeds.Length >= MostDeeds ? Deeds.RemoveAt(0) : Deeds, deed] };
}

/// <summary>One thing that was done to a pod.</summary>
/// <param name="Time">When, UTC.</param>
/// <param name="Action">What.</param>
/// <param name="Pod">The pod's name.</param>
/// <param name="CreatedAt">When the pod was created, UTC.</param>
/// <param name="Node">The node that it was on; null when unknown.</param>
/// <param name="Kind">Its fault.</param>
/// <param name="WasReady">Whether it still got requests.</param>
/// <param name="OfNode">Whether its node was the cause.</param>
[GenerateSerializer, Immutable, Alias("cp.HealingDeed")]
public sealed record HealingDeed(
    [property: Id(0)] DateTimeOffset Time,
    [property: Id(1)] HealingAction Action,
    [property: Id(2)] string Pod,
    [property: Id(3)] DateTimeOffset? CreatedAt,
    [property: Id(4)] string? Node,
    [property: Id(5)] PodFaultKind Kind,
    [property: Id(6)] bool WasReady,
    [property: Id(7)] bool OfNode);

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
