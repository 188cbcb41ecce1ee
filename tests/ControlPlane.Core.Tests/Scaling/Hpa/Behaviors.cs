using System.Collections.Immutable;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling.Hpa;

namespace ControlPlane.Core.Tests.Scaling.Hpa;

/// <summary>Behaviour policies in short: limits as words like <c>30/60</c> (pods in seconds) and <c>200%/60</c>.</summary>
internal static class Behaviors
{
    /// <summary>Rules for one direction; null: Kubernetes' default for it.</summary>
    public static BehaviorPolicy Of(ScalingRules? up = null, ScalingRules? down = null) => new()
    {
        ScaleUp = up ?? BehaviorPolicy.KubernetesDefault.ScaleUp,
        ScaleDown = down ?? BehaviorPolicy.KubernetesDefault.ScaleDown,
    };

    public static ScalingRules Rules(string limits, int windowSeconds = 0, LimitSelection select = LimitSelection.Max) => new()
    {
        Limits = [.. limits.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Limit)],
        StabilizationWindow = TimeSpan.FromSeconds(windowSeconds),
        Select = select,
    };

    /// <summary>Changes as words like <c>9@20</c>: nine pods, 20 s ago.</summary>
    public static ImmutableArray<TimedReplicas> Events(string words) =>
    [
        .. words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word.Split('@'))
            .Select(parts => new TimedReplicas(PodTable.Now.AddSeconds(-int.Parse(parts[1])), int.Parse(parts[0]))),
    ];

    /// <summary>A state that has seen recommendations (written like events) in the order of their time.</summary>
    public static HpaState Remember(string words, BehaviorPolicy? behavior)
    {
        var state = HpaState.Empty;
        foreach (var seen in Events(words).OrderBy(seen => seen.Time))
            state = HpaBehavior.Apply(state, behavior, seen.Replicas, seen.Replicas, 0, int.MaxValue, seen.Time).State;
        return state;
    }

    private static RateLimit Limit(string word)
    {
        var parts = word.Split('/');
        return new RateLimit
        {
            Type = parts[0].EndsWith('%') ? RateLimitType.Percent : RateLimitType.Pods,
            Value = int.Parse(parts[0].TrimEnd('%')),
            Period = TimeSpan.FromSeconds(int.Parse(parts[1])),
        };
    }
}
