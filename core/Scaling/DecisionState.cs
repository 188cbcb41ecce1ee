using System.Collections.Immutable;
using ControlPlane.Core.Learning;
using ControlPlane.Core.Scaling.Hpa;
using ControlPlane.Core.Scaling.Teams;

namespace ControlPlane.Core.Scaling;

/// <summary>What the decisions of one workload remember from step to step; bounded, immutable, stored with the grain.</summary>
[GenerateSerializer, Immutable, Alias("cp.DecisionState")]
public sealed record DecisionState
{
    /// <summary>Nothing is known yet.</summary>
    public static readonly DecisionState Empty = new();

    /// <summary>Memory of the reactive reference; null until replicas were seen.</summary>
    [Id(0)] public HpaState? Reactive { get; init; }

    /// <summary>Learnt requests per second of one replica at full utilization; null before there is evidence.</summary>
    [Id(1)] public double? SaturationPerReplica { get; init; }

    /// <summary>Predictive targets of the last steps, oldest first; as many as the lead time has steps, at most <see cref="TrendGate.MaxTargets"/>.</summary>
    [Id(2)] public ImmutableArray<int> RecentTargets { get; init; } = [];

    /// <summary>Pod-steps that a release would have saved so far, below 0 those of a raise; a change waits until it is worth its while.</summary>
    [Id(3)] public double ReleaseCredit { get; init; }

    /// <summary>The account of no regret; null before the first step.</summary>
    [Id(4)] public Ledger? Ledger { get; init; }

    /// <summary>What was spent of the budget; null without one.</summary>
    [Id(20)] public BudgetAccount? Budget { get; init; }

    /// <summary>What is remembered of a workload that may be scaled to zero; null where the policy does not.</summary>
    [Id(21)] public IdleState? Idle { get; init; }

    /// <summary>What is remembered of the adviser; null without one.</summary>
    [Id(22)] public AdviserState? Adviser { get; init; }

    /// <summary>The share of the team's budget; null without a team.</summary>
    [Id(23)] public TeamShare? Team { get; init; }

    /// <summary>
    /// What may be kept over a restart: learnt capacity, rate limits, budgets and the account of no regret. Recommendations are forgotten, so that the replicas found then
    /// count as the first one and nothing is removed before a whole window has passed.
    /// </summary>
    public DecisionState AfterRestart() => new()
    {
        Reactive = Reactive is { } reactive ? reactive with { Highs = [], Lows = [] } : null,
        SaturationPerReplica = SaturationPerReplica,
        Ledger = Ledger,
        Budget = Budget,
        Adviser = Adviser,
        Team = Team is { } team ? team with { WaitingSince = null } : null,
        Idle = Idle is { } idle ? idle with { Since = null, UnknownSince = null } : null,
    };
}
