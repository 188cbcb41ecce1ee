namespace ControlPlane.Core.Policies;

/// <summary>
/// What one workload may spend within a period: replica-hours, or money at a price of a replica-hour. Periods are counted from 1970-01-01 UTC, so that one of
/// a day is the UTC day.
/// </summary>
[GenerateSerializer, Immutable, Alias("cp.BudgetPolicy")]
public sealed record BudgetPolicy
{
    /// <summary>No budget.</summary>
    public static readonly BudgetPolicy None = new();

    /// <summary>Replica-hours within a period; null: the money says.</summary>
    [Id(0)] public double? ReplicaHours { get; init; }

    /// <summary>Money within a period, in any currency; null: the replica-hours say.</summary>
    [Id(1)] public double? Money { get; init; }

    /// <summary>Price of a replica-hour in the same currency; needed with <see cref="Money"/>.</summary>
    [Id(2)] public double? PricePerReplicaHour { get; init; }

    /// <summary>The period, 1 h to 31 d. Default 1 day.</summary>
    [Id(3)] public TimeSpan Period { get; init; } = TimeSpan.FromDays(1);

    /// <summary>What happens at its end. Default <see cref="BudgetEnforcement.Hard"/>.</summary>
    [Id(4)] public BudgetEnforcement Enforcement { get; init; } = BudgetEnforcement.Hard;

    /// <summary>The budget of a period in replica-hours; null when there is none.</summary>
    public double? AllowedHours() => ReplicaHours ?? Money / PricePerReplicaHour;

    /// <summary>Replica-hours that the minimum takes within a period, the greatest minimum of the schedule all the time.</summary>
    public static double LeastHours(PolicyDocument policy, TimeSpan time) => GreatestMinimum(policy) * time.TotalHours;

    /// <summary>The greatest minimum of the policy and its schedule.</summary>
    public static int GreatestMinimum(PolicyDocument policy)
    {
        var greatest = policy.MinReplicas;
        foreach (var window in policy.Schedule) greatest = Math.Max(greatest, window.MinReplicas ?? policy.MinReplicas);
        return greatest;
    }
}

/// <summary>What a budget does when it is spent.</summary>
[GenerateSerializer, Alias("cp.BudgetEnforcement")]
public enum BudgetEnforcement
{
    /// <summary>Nothing but the minimum runs until the period ends.</summary>
    Hard,

    /// <summary>It is told, and nothing else happens.</summary>
    Soft,
}
