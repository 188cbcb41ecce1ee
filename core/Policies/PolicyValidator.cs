using System.Collections.Immutable;
using ControlPlane.Core.Healing;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Core.Policies;

/// <summary>Checks a policy before it is admitted and reports every fault at once.</summary>
public static class PolicyValidator
{
    /// <summary>Most replicas that any policy may allow.</summary>
    public const int ReplicaLimit = 100_000;

    private static readonly TimeSpan MaxStabilization = TimeSpan.FromHours(1);
    private static readonly TimeSpan MaxRatePeriod = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan MaxHorizon = TimeSpan.FromHours(2);

    /// <summary>Every rule that the policy breaks, in the order of its properties; empty when it is sound.</summary>
    public static ImmutableArray<PolicyFault> Validate(PolicyDocument policy)
    {
        var faults = ImmutableArray.CreateBuilder<PolicyFault>();
        void Require(bool holds, string path, string message)
        {
            if (!holds) faults.Add(new PolicyFault(path, message));
        }

        Require(IsScope(policy.Scope), "scope", $"'{policy.Scope}' is none of: empty, cluster, cluster/namespace, cluster/namespace/kind/name");
        Require(policy.MinReplicas >= 1, "minReplicas", $"{policy.MinReplicas} is below 1");
        Require(policy.MaxReplicas >= policy.MinReplicas, "maxReplicas", $"{policy.MaxReplicas} is below minReplicas {policy.MinReplicas}");
        Require(policy.MaxReplicas <= ReplicaLimit, "maxReplicas", $"{policy.MaxReplicas} is above {ReplicaLimit}");
        Require(policy.Step >= TimeSpan.FromSeconds(1) && policy.Step <= TimeSpan.FromMinutes(5), "step", $"{Show(policy.Step)} is not within 1s..5m");
        Objective(policy.Objective, Require);
        Reactive(policy.Reactive, Require);
        Predictive(policy.Predictive, policy.Step, Require);
        Healing(policy.Healing, Require);
        Rules("behavior.scaleUp", policy.Behavior.ScaleUp, Require);
        Rules("behavior.scaleDown", policy.Behavior.ScaleDown, Require);
        for (var i = 0; i < policy.Schedule.Length; i++) Window($"schedule[{i}]", policy.Schedule[i], policy, Require);
        return faults.ToImmutable();
    }

    private static void Objective(ObjectivePolicy objective, Action<bool, string, string> require)
    {
        require(objective.Latency > TimeSpan.Zero && objective.Latency <= TimeSpan.FromMinutes(5), "objective.latency",
            $"{Show(objective.Latency)} is not within 0s..5m");
        require(objective.Percentile is > 0 and < 1, "objective.percentile", $"{objective.Percentile} is not a fraction between 0 and 1");
        require(objective.RequestsPerSecondPerReplica is null or (> 0 and < double.PositiveInfinity), "objective.requestsPerSecondPerReplica",
            $"{objective.RequestsPerSecondPerReplica} is not above 0");
    }

    private static void Reactive(ReactivePolicy reactive, Action<bool, string, string> require)
    {
        require(reactive.Metrics.Length > 0, "reactive.metrics", "there is none: at least one metric must tell when to scale");
        require(reactive.Tolerance is >= 0 and < 1, "reactive.tolerance", $"{reactive.Tolerance} is not a fraction from 0 to below 1");
        require(reactive.CpuInitializationPeriod >= TimeSpan.Zero, "reactive.cpuInitializationPeriod", "is below 0s");
        require(reactive.InitialReadinessDelay >= TimeSpan.Zero, "reactive.initialReadinessDelay", "is below 0s");
        for (var i = 0; i < reactive.Metrics.Length; i++)
        {
            var (path, metric) = ($"reactive.metrics[{i}]", reactive.Metrics[i]);
            require(metric.Metric.Length > 0, $"{path}.metric", "is empty");
            require(metric.Target is > 0 and < double.PositiveInfinity, $"{path}.target", $"{metric.Target} is not above 0");
            require(metric.Type != MetricTargetType.Utilization || metric.Target <= 10, $"{path}.target",
                $"{metric.Target} is no utilization: write the fraction, 0.7 for 70%");
            require(metric.Type != MetricTargetType.Utilization || metric.Metric is Metrics.SignalNames.Cpu or Metrics.SignalNames.Memory, $"{path}.metric",
                $"'{metric.Metric}' has no request: Utilization goes with cpu or memory");
        }
    }

    private static void Predictive(PredictivePolicy predictive, TimeSpan step, Action<bool, string, string> require)
    {
        require(predictive.LeadTime > TimeSpan.Zero, "predictive.leadTime", $"{Show(predictive.LeadTime)} is not above 0s");
        require(predictive.Horizon >= predictive.LeadTime + step, "predictive.horizon",
            $"{Show(predictive.Horizon)} does not reach past predictive.leadTime {Show(predictive.LeadTime)} by a step of {Show(step)}");
        require(predictive.Horizon <= MaxHorizon, "predictive.horizon", $"{Show(predictive.Horizon)} is above {Show(MaxHorizon)}");
        require(predictive.ViolationCost is > 0 and <= 1e6, "predictive.violationCost", $"{predictive.ViolationCost} is not within 0..1000000");
        require(predictive.ChangeCost is >= 0 and <= 1e4, "predictive.changeCost", $"{predictive.ChangeCost} is not within 0..10000");
    }

    private static void Healing(HealingPolicy healing, Action<bool, string, string> require)
    {
        require(healing.MaxUnavailable is > 0 and <= 1, "healing.maxUnavailable", $"{healing.MaxUnavailable} is not a fraction above 0, up to 1");
        require(healing.Cooldown >= TimeSpan.Zero && healing.Cooldown <= TimeSpan.FromDays(1), "healing.cooldown", $"{Show(healing.Cooldown)} is not within 0s..1d");
        require(healing.EvictionsPerHour >= 0, "healing.evictionsPerHour", $"{healing.EvictionsPerHour} is below 0");
        require(healing.EvictionsPerDay is >= 0 and <= HealingState.MostEvictions, "healing.evictionsPerDay", $"{healing.EvictionsPerDay} is not within 0..{HealingState.MostEvictions}");
    }

    private static void Rules(string path, ScalingRules rules, Action<bool, string, string> require)
    {
        require(rules.StabilizationWindow >= TimeSpan.Zero && rules.StabilizationWindow <= MaxStabilization, $"{path}.stabilizationWindow",
            $"{Show(rules.StabilizationWindow)} is not within 0s..1h");
        require(rules.Tolerance is null or (>= 0 and < 1), $"{path}.tolerance", $"{rules.Tolerance} is not a fraction from 0 to below 1");
        require(rules.Select == LimitSelection.Disabled || rules.Limits.Length > 0, $"{path}.limits", "there is none: give one, or set select to Disabled");
        for (var i = 0; i < rules.Limits.Length; i++)
        {
            var limit = rules.Limits[i];
            require(limit.Value > 0, $"{path}.limits[{i}].value", $"{limit.Value} is not above 0");
            require(limit.Period > TimeSpan.Zero && limit.Period <= MaxRatePeriod, $"{path}.limits[{i}].period",
                $"{Show(limit.Period)} is not within 0s..30m");
        }
    }

    private static void Window(string path, ScheduleWindow window, PolicyDocument policy, Action<bool, string, string> require)
    {
        var (min, max) = (window.MinReplicas ?? policy.MinReplicas, window.MaxReplicas ?? policy.MaxReplicas);
        require(window.From != window.To, $"{path}.to", $"{window.To:HH\\:mm} equals from: the window is empty");
        require(min >= 1, $"{path}.minReplicas", $"{min} is below 1");
        require(max >= min, $"{path}.maxReplicas", $"{max} is below the window's minReplicas {min}");
        require(max <= ReplicaLimit, $"{path}.maxReplicas", $"{max} is above {ReplicaLimit}");
    }

    private static bool IsScope(string scope) =>
        scope.Length == 0 || WorkloadId.TryParse(scope, out _) || WorkloadId.TryParse(PadScope(scope), out _);

    private static string PadScope(string scope) => scope.Count(c => c == '/') switch
    {
        0 => $"{scope}/x/x/x",
        1 => $"{scope}/x/x",
        _ => "",
    };

    private static string Show(TimeSpan span) => DurationText.Format(span);
}
