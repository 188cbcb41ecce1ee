namespace ControlPlane.Core.Policies;

/// <summary>The replica bounds that a policy sets at a moment.</summary>
/// <param name="Min">Fewest replicas.</param>
/// <param name="Max">Most replicas.</param>
public readonly record struct PolicyBounds(int Min, int Max)
{
    /// <summary>The maximum that is only exceeded when more replicas are wanted; <see cref="Max"/> where the policy has no breach limit.</summary>
    public int UsualMax { get; init; } = Max;

    /// <summary>The bounds of the first schedule window that holds the moment, else the policy's own.</summary>
    public static PolicyBounds At(PolicyDocument policy, DateTimeOffset time)
    {
        foreach (var window in policy.Schedule)
            if (Holds(window, time.UtcDateTime)) return window.MaxReplicas is { } max ? new(window.MinReplicas ?? policy.MinReplicas, max) : Usual(policy, window.MinReplicas ?? policy.MinReplicas);
        return Usual(policy, policy.MinReplicas);
    }

    private static PolicyBounds Usual(PolicyDocument policy, int min) =>
        new(min, Math.Max(policy.MaxReplicas, policy.BreachLimit ?? policy.MaxReplicas)) { UsualMax = policy.MaxReplicas };

    /// <summary>The nearest number of replicas within the bounds.</summary>
    public int Clamp(int replicas) => Math.Clamp(replicas, Min, Max);

    private static bool Holds(ScheduleWindow window, DateTime utc)
    {
        var time = TimeOnly.FromDateTime(utc);
        if (window.From < window.To) return StartsOn(window, utc.DayOfWeek) && time >= window.From && time < window.To;
        return (time >= window.From && StartsOn(window, utc.DayOfWeek)) || (time < window.To && StartsOn(window, utc.AddDays(-1).DayOfWeek));
    }

    private static bool StartsOn(ScheduleWindow window, DayOfWeek day) => window.Days.IsEmpty || window.Days.Contains(day);
}
