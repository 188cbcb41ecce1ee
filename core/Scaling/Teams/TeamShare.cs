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
        return next with { Price = team.Price(policy), WaitingSince = next.Held(team.Budget.Period) is null ? next.WaitingSince ?? observation.Time - observation.Step : null };
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
        var allowed = !isHard ? int.MaxValue
            : held is { } hours ? Account.Allowed(hours / Price, period, policy, observation.Step + Reaction)
            : observation.Time - WaitingSince <= Patience ? Math.Max(current, BudgetPolicy.GreatestMinimum(policy))
            : BudgetPolicy.GreatestMinimum(policy);
        var rule = isHard ? proposal.Replicas <= allowed ? null : held is null ? "waiting" : "spent" : Grant is { IsSpent: true } ? "over" : null;
        stages.Add("team", rule, Math.Min(proposal.Replicas, allowed),
            new("spent", Spent), new("granted", held), new("team_budget", team.Limit), new("allowed", isHard ? allowed : null));
        return isHard ? allowed : null;
    }
}
