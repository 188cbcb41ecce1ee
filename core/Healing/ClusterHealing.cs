using System.Collections.Immutable;
using System.Globalization;

namespace ControlPlane.Core.Healing;

/// <summary>
/// What the workloads of one cluster wish to evict: the view that no single workload has. Grants wishes up to a rate, none while many
/// workloads are in trouble at once, and tells when a node is what they have in common. Bounded, immutable.
/// </summary>
[GenerateSerializer, Immutable, Alias("cp.ClusterHealing")]
public sealed record ClusterHealing
{
    /// <summary>Wishes that are remembered.</summary>
    public const int MostWishes = 128;

    /// <summary>Workloads that wish something at once: more than these have a cause in common, unless it is one node.</summary>
    public const int MostWorkloads = 4;

    /// <summary>Evictions of the cluster within a minute.</summary>
    public const int GrantsPerMinute = 6;

    /// <summary>Evictions of the cluster within an hour.</summary>
    public const int GrantsPerHour = 60;
    private const int FewestOfNode = 3;
    private const double ShareOfNode = 2.0 / 3;
    private static readonly TimeSpan AtOnce = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Nobody wished anything.</summary>
    public static ClusterHealing Empty { get; } = new();

    /// <summary>The newest wish of each pod, oldest first.</summary>
    [Id(0)] public ImmutableArray<HealingWish> Wishes { get; init; } = [];

    /// <summary>When wishes were granted, UTC, oldest first.</summary>
    [Id(1)] public ImmutableArray<DateTimeOffset> Grants { get; init; } = [];

    /// <summary>Answers a wish.</summary>
    public (ClusterHealing After, HealingAnswer Answer) Ask(HealingWish wish)
    {
        ArgumentNullException.ThrowIfNull(wish);
        var wishes = Wishes.RemoveAll(w => w.Pod == wish.Pod && w.Workload == wish.Workload || wish.Time - w.Time > Hour).Add(wish);
        if (wishes.Length > MostWishes) wishes = wishes.RemoveRange(0, wishes.Length - MostWishes);
        var after = this with { Wishes = wishes, Grants = Grants.RemoveAll(g => wish.Time - g > Hour) };
        var answer = after.Judge(wish);
        return (answer.IsGranted ? after with { Grants = after.Grants.Add(wish.Time) } : after, answer);
    }

    private HealingAnswer Judge(HealingWish wish)
    {
        HealingWish[] present = [.. Wishes.Where(w => wish.Time - w.Time <= AtOnce)];
        var workloads = present.Select(w => w.Workload).Distinct().Count();
        var onNode = wish.Node is null ? 0 : present.Where(w => w.Node == wish.Node).Select(w => w.Workload).Distinct().Count();
        var isNode = onNode >= FewestOfNode && onNode >= ShareOfNode * workloads;
        if (!isNode && workloads > MostWorkloads)
            return new(false, HealingReason.ClusterCause, string.Create(CultureInfo.InvariantCulture, $"{workloads} workloads have faulty pods within {AtOnce.TotalMinutes:0} min"));
        if (Grants.Length >= GrantsPerHour || Grants.Count(g => wish.Time - g <= Minute) >= GrantsPerMinute) return new(false, HealingReason.ClusterLimit);
        return isNode
            ? new(true, HealingReason.NodeTrouble, string.Create(CultureInfo.InvariantCulture, $"{onNode} workloads have faulty pods on {wish.Node}"))
            : new(true, HealingReason.PodFault);
    }
}
