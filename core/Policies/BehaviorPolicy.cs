using System.Collections.Immutable;

namespace ControlPlane.Core.Policies;

/// <summary>Limits of change in both directions, as in an HPA's <c>spec.behavior</c>.</summary>
[GenerateSerializer, Immutable, Alias("cp.BehaviorPolicy")]
public sealed record BehaviorPolicy
{
    /// <summary>Kubernetes' default: up at once by at most 100% or 4 pods in 15 s; down by any amount after 5 min of stability.</summary>
    public static readonly BehaviorPolicy KubernetesDefault = new()
    {
        ScaleUp = new ScalingRules
        {
            StabilizationWindow = TimeSpan.Zero,
            Limits =
            [
                new RateLimit { Type = RateLimitType.Pods, Value = 4, Period = TimeSpan.FromSeconds(15) },
                new RateLimit { Type = RateLimitType.Percent, Value = 100, Period = TimeSpan.FromSeconds(15) },
            ],
        },
        ScaleDown = new ScalingRules
        {
            StabilizationWindow = TimeSpan.FromMinutes(5),
            Limits = [new RateLimit { Type = RateLimitType.Percent, Value = 100, Period = TimeSpan.FromSeconds(15) }],
        },
    };

    /// <summary>Rules for adding replicas.</summary>
    [Id(0)] public required ScalingRules ScaleUp { get; init; }

    /// <summary>Rules for removing replicas.</summary>
    [Id(1)] public required ScalingRules ScaleDown { get; init; }
}

/// <summary>Rules for one direction.</summary>
[GenerateSerializer, Immutable, Alias("cp.ScalingRules")]
public sealed record ScalingRules
{
    /// <summary>Past recommendations that are looked at: the least of them when adding, the greatest when removing. 0..1 h.</summary>
    [Id(0)] public TimeSpan StabilizationWindow { get; init; }

    /// <summary>Which limit holds when there are several. Default <see cref="LimitSelection.Max"/>.</summary>
    [Id(1)] public LimitSelection Select { get; init; } = LimitSelection.Max;

    /// <summary>The rate limits; at least one unless the direction is disabled.</summary>
    [Id(2)] public ImmutableArray<RateLimit> Limits { get; init; } = [];

    /// <summary>Relative deviation that is ignored in this direction; null: the reactive policy's tolerance.</summary>
    [Id(3)] public double? Tolerance { get; init; }
}

/// <summary>Which of several rate limits holds.</summary>
[GenerateSerializer, Alias("cp.LimitSelection")]
public enum LimitSelection
{
    /// <summary>The one that allows the greatest change.</summary>
    Max,

    /// <summary>The one that allows the smallest change.</summary>
    Min,

    /// <summary>The direction is switched off.</summary>
    Disabled,
}

/// <summary>A limit of change within a period.</summary>
[GenerateSerializer, Immutable, Alias("cp.RateLimit")]
public sealed record RateLimit
{
    /// <summary>What <see cref="Value"/> counts.</summary>
    [Id(0)] public required RateLimitType Type { get; init; }

    /// <summary>Pods, or percent of the replicas at the period's start; greater than 0.</summary>
    [Id(1)] public required int Value { get; init; }

    /// <summary>The period; greater than 0, at most 30 min.</summary>
    [Id(2)] public required TimeSpan Period { get; init; }
}

/// <summary>What a rate limit counts.</summary>
[GenerateSerializer, Alias("cp.RateLimitType")]
public enum RateLimitType
{
    /// <summary>A number of pods.</summary>
    Pods,

    /// <summary>A percentage of the replicas.</summary>
    Percent,
}
