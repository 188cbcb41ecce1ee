using System.Text.Json.Serialization;

namespace ControlPlane.Core.Policies;

/// <summary>
/// A team and what all of its services together may spend within a period. Teams are declared in the cluster's policy; a service belongs to the one that its
/// <see cref="PolicyDocument.Team"/> names.
/// </summary>
[GenerateSerializer, Immutable, Alias("cp.TeamBudget")]
public sealed record TeamBudget
{
    /// <summary>The team's name, one of the cluster.</summary>
    [Id(0)] public required string Name { get; init; }

    /// <summary>What its services together may spend.</summary>
    [Id(1)] public BudgetPolicy Budget { get; init; } = BudgetPolicy.None;

    /// <summary>The budget of a period in its own unit: money where it is given in money, else replica-hours.</summary>
    [JsonIgnore]
    public double Limit => Budget.Money ?? Budget.ReplicaHours ?? 0;

    /// <summary>Whether it is given in money.</summary>
    [JsonIgnore]
    public bool IsMoney => Budget.Money is not null;

    /// <summary>Its unit in words.</summary>
    [JsonIgnore]
    public string Unit => IsMoney ? "of money" : "replica-hours";

    /// <summary>The team that a policy names; null when it names none, or one that is not declared.</summary>
    public static TeamBudget? Of(PolicyDocument policy)
    {
        if (policy.Team is not { } name) return null;
        foreach (var team in policy.Teams)
            if (team.Name == name) return team;
        return null;
    }

    /// <summary>What a replica of a service costs an hour in the budget's unit: the service's own price where its policy states one, else the team's.</summary>
    public double Price(PolicyDocument policy) => IsMoney ? policy.Budget?.PricePerReplicaHour ?? Budget.PricePerReplicaHour ?? 1 : 1;

    /// <summary>What the minimum of a service takes of the budget within a period, in the budget's unit.</summary>
    public double FloorOfPeriod(PolicyDocument policy) => BudgetPolicy.LeastHours(policy, Budget.Period) * Price(policy);
}
