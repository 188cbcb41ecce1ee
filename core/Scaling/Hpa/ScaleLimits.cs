using System.Collections.Immutable;
using ControlPlane.Core.Policies;

namespace ControlPlane.Core.Scaling.Hpa;

/// <summary>How far the rate limits let the replicas move, counted from the replicas at the start of each limit's period.</summary>
internal static class ScaleLimits
{
    /// <summary>Most replicas that the limits allow now; never below the current ones.</summary>
    public static int Up(HpaState state, ScalingRules rules, int current, DateTimeOffset now)
    {
        if (rules.Select == LimitSelection.Disabled) return current;
        var takesLeast = rules.Select == LimitSelection.Min;
        long? allowed = null;
        foreach (var limit in rules.Limits)
        {
            var start = ReplicasAtStart(state, current, now - limit.Period);
            var proposed = limit.Type == RateLimitType.Pods
                ? start + limit.Value
                : (long)Math.Ceiling(start * (1 + (limit.Value / 100.0)));
            allowed = allowed is not { } other ? proposed : takesLeast ? Math.Min(other, proposed) : Math.Max(other, proposed);
        }
        return Clamp(Math.Max(allowed ?? current, current));
    }

    /// <summary>Fewest replicas that the limits allow now; never above the current ones.</summary>
    public static int Down(HpaState state, ScalingRules rules, int current, DateTimeOffset now)
    {
        if (rules.Select == LimitSelection.Disabled) return current;
        var takesLeast = rules.Select == LimitSelection.Min;
        long? allowed = null;
        foreach (var limit in rules.Limits)
        {
            var start = ReplicasAtStart(state, current, now - limit.Period);
            var proposed = limit.Type == RateLimitType.Pods
                ? start - limit.Value
                : (long)(start * (1 - (limit.Value / 100.0)));
            allowed = allowed is not { } other ? proposed : takesLeast ? Math.Max(other, proposed) : Math.Min(other, proposed);
        }
        return Clamp(Math.Min(allowed ?? current, current));
    }

    /// <summary>
    /// Adds a change to a direction's events. As in Kubernetes it takes the place of the last entry that is older than the direction's
    /// longest period; that one may still be inside a longer period of the other direction.
    /// </summary>
    public static ImmutableArray<TimedReplicas> Record(ImmutableArray<TimedReplicas> events, ScalingRules rules, int change, DateTimeOffset now)
    {
        var longest = TimeSpan.Zero;
        foreach (var limit in rules.Limits)
        {
            if (limit.Period > longest) longest = limit.Period;
        }

        var cutoff = now - longest;
        var slot = -1;
        var oldest = 0;
        for (var i = 0; i < events.Length; i++)
        {
            if (events[i].Time < cutoff) slot = i;
            if (events[i].Time < events[oldest].Time) oldest = i;
        }
        if (slot < 0 && events.Length >= HpaState.Capacity) slot = oldest;
        var added = new TimedReplicas(now, change);
        return slot < 0 ? events.Add(added) : events.SetItem(slot, added);
    }

    private static long ReplicasAtStart(HpaState state, int current, DateTimeOffset start) =>
        (long)current - SumAfter(state.ScaleUps, start) + SumAfter(state.ScaleDowns, start);

    private static long SumAfter(ImmutableArray<TimedReplicas> events, DateTimeOffset cutoff)
    {
        long sum = 0;
        foreach (var entry in events.AsSpan())
        {
            if (entry.Time > cutoff) sum += entry.Replicas;
        }
        return sum;
    }

    private static int Clamp(long replicas) => (int)Math.Clamp(replicas, int.MinValue, int.MaxValue);
}
