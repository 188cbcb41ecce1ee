namespace ControlPlane.Core.Policies;

/// <summary>How faulty pods are healed. Only <see cref="PolicyMode.Auto"/> acts.</summary>
[GenerateSerializer, Immutable, Alias("cp.HealingPolicy")]
public sealed record HealingPolicy
{
    /// <summary>Whether pods are healed. Default true.</summary>
    [Id(0)] public bool Enabled { get; init; } = true;

    /// <summary>
    /// Share of the replicas that may be unavailable through healing, a fraction in (0, 1], rounded up as disruption budgets are. The workload's own
    /// PodDisruptionBudget holds besides. Default 0.25.
    /// </summary>
    [Id(1)] public double MaxUnavailable { get; init; } = 0.25;

    /// <summary>Time between two evictions of a workload. Default 1 min.</summary>
    [Id(2)] public TimeSpan Cooldown { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Evictions of a workload within an hour, a node's pods aside. Default 4.</summary>
    [Id(3)] public int EvictionsPerHour { get; init; } = 4;

    /// <summary>Evictions of a workload within a day, at most 48. Default 12.</summary>
    [Id(4)] public int EvictionsPerDay { get; init; } = 12;
}
