using System.Text.Json.Serialization;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;

namespace ControlPlane.Core.Scaling.Teams;

/// <summary>
/// A service's share of its team's budget: what it has spent and what it was granted. It decides by this alone. An amount that it gives back is taken off here, and
/// stored, before the team is told; an amount that it is given was stored by the team before it was told. So the sum of what services may spend is never more than
/// what the team's account says.
/// </summary>
[GenerateSerializer, Immutable, Alias("cp.TeamShare")]
public sealed record TeamShare
{
    /// <summary>How long a service that has no grant, because it is new to the team, was started anew or the team does not answer, keeps the replicas that it has.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>For how long beside the step a service must be able to pay what it runs: a decision that cuts may come or land so much later.</summary>
    public static readonly TimeSpan Reaction = TimeSpan.FromMinutes(1);

    /// <summary>The team.</summary>
    [Id(0)] public required string Team { get; init; }

    /// <summary>What the service has spent in the period, whoever set its replicas.</summary>
    [Id(1)] public required BudgetAccount Account { get; init; }

    /// <summary>What it may spend; null before the first answer.</summary>
    [Id(2)] public TeamGrant? Grant { get; init; }

    /// <summary>Since when no grant holds, UTC; null while one does.</summary>
    [Id(3)] public DateTimeOffset? WaitingSince { get; init; }

    /// <summary>What a replica costs an hour in the budget's unit.</summary>
    [Id(4)] public double Price { get; init; } = 1;

    /// <summary>What was granted when it no longer paid for the replicas that ran, in the budget's unit: until more is granted, or the period ends, the minimum runs. Null while it pays.</summary>
    [Id(5)] public double? ExhaustedAt { get; init; }

    /// <summary>What the service has spent in the period, in the budget's unit.</summary>
    [JsonIgnore]
    public double Spent => Account.SpentHours * Price;

    /// <summary>The share after a step: the replicas that ran are charged. Null where the policy names no team.</summary>
    public static TeamShare? Step(TeamShare? share, PolicyDocument policy, Observation observation, int current)
    {
        if (TeamBudget.Of(policy) is not { } team) return null;
        var known = share?.Team == team.Name ? share : null;
        var account = BudgetAccount.Step(known?.Account, team.Budget.Period, observation, current);
        var next = known is null ? new TeamShare { Team = team.Name, Account = account } : known with { Account = account };
        var waiting = next.Held(team.Budget.Period) is null ? next.WaitingSince ?? observation.Time - observation.Step : (DateTimeOffset?)null;
        if (known?.Account.PeriodStart != account.PeriodStart) next = next with { ExhaustedAt = null };
        next = next with { Price = team.Price(policy), WaitingSince = waiting };
        return next with { ExhaustedAt = next.Exhausted(team, policy, observation, current) };
    }

    /// <summary>A service that cannot pay for a minute more of what it runs goes to its minimum at once, and not pod by pod through an overload of the others.</summary>
    private double? Exhausted(TeamBudget team, PolicyDocument policy, Observation observation, int current)
    {
        if (Held(team.Budget.Period) is not { } held) return null;
        if (ExhaustedAt is { } known && held <= known) return held;
        var paidFor = Account.Allowed(held / Price, team.Budget.Period, policy, observation.Step + Reaction);
        return current > paidFor ? held : null;
    }

    /// <summary>What may be spent in the period that runs, in the budget's unit; null when no grant says.</summary>
    public double? Held(TimeSpan period) => Grant?.For(Account.PeriodStart, period);

    /// <summary>Most replicas that the team's budget allows for the step that begins; null when it allows anything.</summary>
    public int? Limit(PolicyDocument policy, Observation observation, int current, Proposal proposal, StageList stages)
    {
        if (TeamBudget.Of(policy) is not { } team) return null;
        var period = team.Budget.Period;
        var held = Held(period);
        var isHard = team.Budget.Enforcement == BudgetEnforcement.Hard;
        var least = BudgetPolicy.GreatestMinimum(policy);
        var allowed = !isHard ? int.MaxValue
            : held is null ? (observation.Time - WaitingSince <= Patience ? Math.Max(current, least) : least)
            : ExhaustedAt is not null ? least
            : Math.Max(current, Account.Allowed(held.Value / Price, period, policy, observation.Step + TeamNeed.Ahead(period) / 2));
        var rule = isHard ? proposal.Replicas <= allowed ? null : held is null ? "waiting" : "spent" : Grant is { IsSpent: true } ? "over" : null;
        stages.Add("team", rule, Math.Min(proposal.Replicas, allowed),
            new("spent", Spent), new("granted", held), new("team_budget", team.Limit), new("allowed", isHard ? allowed : null));
        return isHard ? allowed : null;
    }
}
