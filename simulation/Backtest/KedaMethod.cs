using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;
using ControlPlane.Simulation.Services;

namespace ControlPlane.Simulation.Backtest;

/// <summary>
/// As KEDA scales on a rate: an HPA on the demand per replica (<c>AverageValue</c>), a fallback once the source has failed more often in a row than a threshold, and
/// scale to zero after a cooldown (rules from KEDA's ScaledObject specification 2.17, <c>keda.sh/docs/2.17/reference/scaledobject-spec</c>).
/// </summary>
public sealed class KedaMethod(PolicyDocument policy, KedaOptions options) : IScalingMethod
{
    private readonly ReactiveLoop _loop = new(policy with
    {
        Reactive = policy.Reactive with { Metrics = [new MetricTarget { Metric = SignalNames.Demand, Type = MetricTargetType.AverageValue, Target = options.Threshold }] },
    });

    private KedaState _state = new();

    /// <inheritdoc/>
    public string Name => "keda";

    /// <inheritdoc/>
    public int? Decide(SimulatedService service)
    {
        var observation = _loop.Observe(service);
        if (observation.CurrentReplicas is not { } current) return null;
        (_state, var answer) = KedaRules.Poll(_state, options, observation.Time, observation.Demand, current);
        if (answer.Replicas is { } ordered) return ordered == current ? null : ordered;
        return answer.Metric is { } metric ? _loop.Order(_loop.Evaluate(metric).Desired) : null;
    }
}

/// <summary>Settings of a ScaledObject with one trigger.</summary>
public sealed record KedaOptions
{
    /// <summary>Requests per second of one replica.</summary>
    public required double Threshold { get; init; }

    /// <summary>Time between two readings of the source. KEDA's default 30 s.</summary>
    public TimeSpan PollingInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether the HPA gets the value of the last poll instead of one of its own. Default false, as in KEDA.</summary>
    public bool UsesCachedMetrics { get; init; }

    /// <summary>Time without activity before the replicas go to 0. KEDA's default 5 min.</summary>
    public TimeSpan Cooldown { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether the replicas may go to 0. Default false: the policy's minimum is at least 1.</summary>
    public bool ScalesToZero { get; init; }

    /// <summary>Demand above which the trigger is active, requests per second. Default 0.</summary>
    public double ActivationThreshold { get; init; }

    /// <summary>The fallback holds once the source has failed more often in a row. Default 3.</summary>
    public int FailureThreshold { get; init; } = 3;

    /// <summary>Replicas of the fallback.</summary>
    public required int FallbackReplicas { get; init; }

    /// <summary>Whether more replicas than those of the fallback stay (<c>currentReplicasIfHigher</c>). Default true; KEDA's own is <c>static</c>.</summary>
    public bool KeepsMore { get; init; } = true;

    /// <summary>
    /// For a policy: the rate that a pod serves at the policy's CPU target, which is what somebody who has measured it would write, and the policy's minimum as
    /// fallback.
    /// </summary>
    public static KedaOptions For(PolicyDocument policy, ServiceProfile profile)
    {
        var target = policy.Reactive.Metrics.FirstOrDefault(m => m.Metric == SignalNames.Cpu && m.Type == MetricTargetType.Utilization)?.Target ?? MetricTarget.DefaultCpu.Target;
        return new KedaOptions { Threshold = profile.CapacityPerPod * target, FallbackReplicas = policy.MinReplicas };
    }
}

/// <summary>What KEDA remembers of a trigger.</summary>
public sealed record KedaState
{
    /// <summary>When the source was read last; null: never.</summary>
    public DateTimeOffset? PolledAt { get; init; }

    /// <summary>What was read; null when it failed.</summary>
    public double? Value { get; init; }

    /// <summary>Failures in a row.</summary>
    public int Failures { get; init; }

    /// <summary>When the trigger was last seen active; null: never.</summary>
    public DateTimeOffset? ActiveAt { get; init; }
}

/// <summary>What a step comes to: replicas that KEDA sets itself, or the metric that the HPA is told; neither: the HPA gets no metric and holds.</summary>
/// <param name="Replicas">Replicas that KEDA sets itself.</param>
/// <param name="Metric">Requests per second that the HPA is told.</param>
public readonly record struct KedaAnswer(int? Replicas, double? Metric);

/// <summary>The rules, without the HPA.</summary>
public static class KedaRules
{
    /// <summary>One step.</summary>
    /// <param name="state">What was remembered.</param>
    /// <param name="options">The settings.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="demand">What the source tells now, requests per second; null when it fails.</param>
    /// <param name="current">The current replicas.</param>
    public static (KedaState State, KedaAnswer Answer) Poll(KedaState state, KedaOptions options, DateTimeOffset now, double? demand, int current)
    {
        var isDue = state.PolledAt is not { } last || now - last >= options.PollingInterval;
        if (isDue || (current > 0 && !options.UsesCachedMetrics))
        {
            var isActive = demand > options.ActivationThreshold;
            state = state with
            {
                PolledAt = isDue ? now : state.PolledAt,
                Value = demand,
                Failures = demand is null ? state.Failures + 1 : 0,
                ActiveAt = isActive || state.ActiveAt is null ? now : state.ActiveAt,
            };
        }
        return (state, Answer(state, options, now, current));
    }

    private static KedaAnswer Answer(KedaState state, KedaOptions options, DateTimeOffset now, int current)
    {
        var isActive = state.Value > options.ActivationThreshold;
        if (current == 0) return new(isActive ? 1 : 0, null);
        if (options.ScalesToZero && state.Value is not null && !isActive && now - state.ActiveAt >= options.Cooldown) return new(0, null);
        if (state.Value is { } value) return new(null, value);
        if (state.Failures <= options.FailureThreshold) return new(null, null);
        var replicas = options.KeepsMore ? Math.Max(options.FallbackReplicas, current) : options.FallbackReplicas;
        return new(null, options.Threshold * replicas);
    }
}
