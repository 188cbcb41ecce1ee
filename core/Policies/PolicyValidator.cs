using System.Collections.Immutable;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Core.Policies;

/// <summary>Checks a policy before it is admitted and reports every fault at once.</summary>
public static class PolicyValidator
{
    /// <summary>Most replicas that any policy may allow.</summary>
    public const int ReplicaLimit = 100_000;

    private const int GreatestUtilization = 10;

    /// <summary>Every rule that the policy breaks: ranges of single properties first, then what they must be to each other; empty when it is sound.</summary>
    public static ImmutableArray<PolicyFault> Validate(PolicyDocument policy)
    {
        var faults = ImmutableArray.CreateBuilder<PolicyFault>();
        void Require(bool holds, string path, string message)
        {
            if (!holds) faults.Add(new PolicyFault(path, message));
        }

        void RequireBoth(bool holds, string path, string other, string message)
        {
            if (!holds) faults.Add(new PolicyFault(path, message, other));
        }

        Require(IsScope(policy.Scope), "scope", $"'{policy.Scope}' is none of: empty, cluster, cluster/namespace, cluster/namespace/kind/name");
        PolicyFields.Document.Check(policy, "", Require);
        PolicyFields.CheckItems(policy, Require);
        RequireBoth(policy.MaxReplicas >= policy.MinReplicas, "maxReplicas", "minReplicas", $"{policy.MaxReplicas} is below minReplicas {policy.MinReplicas}");
        Metrics(policy.Reactive, Require);
        var (horizon, lead) = (policy.Predictive.Horizon, policy.Predictive.LeadTime);
        RequireBoth(horizon >= lead + policy.Step, "predictive.horizon", "predictive.leadTime",
            $"{Show(horizon)} does not reach past predictive.leadTime {Show(lead)} by a step of {Show(policy.Step)}");
        Limits("behavior.scaleUp", policy.Behavior.ScaleUp, Require);
        Limits("behavior.scaleDown", policy.Behavior.ScaleDown, Require);
        ScheduleCheck.Run(policy, Require);
        RequireBoth(policy.BreachLimit is not { } breach || breach >= policy.MaxReplicas, "breachLimit", "maxReplicas", $"{policy.BreachLimit} is below maxReplicas {policy.MaxReplicas}");
        BudgetCheck.Run(policy, Require, RequireBoth);
        return faults.ToImmutable();
    }

    private static void Metrics(ReactivePolicy reactive, PolicyCheck require)
    {
        require(reactive.Metrics.Length > 0, "reactive.metrics", "there is none: at least one metric must tell when to scale");
        for (var i = 0; i < reactive.Metrics.Length; i++)
        {
            var (path, metric) = ($"reactive.metrics[{i}]", reactive.Metrics[i]);
            require(metric.Metric.Length > 0, $"{path}.metric", "is empty");
            require(metric.Type != MetricTargetType.Utilization || metric.Target <= GreatestUtilization, $"{path}.target",
                $"{metric.Target} is no utilization: write the fraction, 0.7 for 70%");
            require(metric.Type != MetricTargetType.Utilization || metric.Metric is Core.Metrics.SignalNames.Cpu or Core.Metrics.SignalNames.Memory, $"{path}.metric",
                $"'{metric.Metric}' has no request: Utilization goes with cpu or memory");
        }
    }

    private static void Limits(string path, ScalingRules rules, PolicyCheck require) =>
        require(rules.Select == LimitSelection.Disabled || rules.Limits.Length > 0, $"{path}.limits", "there is none: give one, or set select to Disabled");

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
