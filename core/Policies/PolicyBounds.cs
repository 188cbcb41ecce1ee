namespace ControlPlane.Core.Policies;

/// <summary>The replica bounds that a policy sets at a moment.</summary>
/// <param name="Min">Fewest replicas.</param>
/// <param name="Max">Most replicas.</param>
public readonly record struct PolicyBounds(int Min, int Max)
{
    /// <summary>The bounds of the first schedule window that holds the moment, else the policy's own.</summary>
    public static PolicyBounds At(PolicyDocument policy, DateTimeOffset time)
    {
        foreach (var window in policy.Schedule)
            if (Holds(window, time.UtcDateTime)) return new(window.MinReplicas ?? policy.MinReplicas, window.MaxReplicas ?? policy.MaxReplicas);
        return new(policy.MinReplicas, policy.MaxReplicas);
    }

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
