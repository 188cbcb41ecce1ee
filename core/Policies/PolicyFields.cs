using System.Collections.Immutable;

namespace ControlPlane.Core.Policies;

/// <summary>Every property of a policy: the one place that knows their names, types, ranges and meaning.</summary>
internal static class PolicyFields
{
    /// <summary>The list of teams, which only the cluster's policy may have.</summary>
    public const string Teams = "teams";

    private static readonly TimeSpan None = TimeSpan.Zero;

    private static readonly PolicyShape<ObjectivePolicy> Objective = new(
        new PolicyValue<ObjectivePolicy, TimeSpan>("latency", PolicyType.Duration, o => o.Latency, (o, v) => o with { Latency = v },
            "A request slower than this, or failed, violates the objective.", PolicyRange.Within(None, TimeSpan.FromMinutes(5), isLeastOut: true)),
        new PolicyValue<ObjectivePolicy, double>("percentile", PolicyType.Number, o => o.Percentile, (o, v) => o with { Percentile = v },
            "Share of the requests that must keep it, a fraction.", PolicyRange.Fraction),
        new PolicyValue<ObjectivePolicy, double?>("requestsPerSecondPerReplica", PolicyType.OptionalNumber, o => o.RequestsPerSecondPerReplica, (o, v) => o with { RequestsPerSecondPerReplica = v },
            "Requests per second that one replica serves within the objective; null or left out: learnt.", PolicyRange.Positive));

    private static readonly PolicyShape<MetricTarget> Metric = new(
        new PolicyValue<MetricTarget, string>("metric", PolicyType.RequiredText, m => m.Metric, (m, v) => m with { Metric = v },
            "cpu and memory are resources of the pods, demand is the workload's own, others are custom metrics.")
        { IsRequired = true },
        new PolicyValue<MetricTarget, MetricTargetType>("type", PolicyType.Choice<MetricTargetType>(), m => m.Type, (m, v) => m with { Type = v },
            "What the target is compared with: usage ÷ request, the mean over the pods, or the whole workload's value. Utilization when left out."),
        new PolicyValue<MetricTarget, double>("target", PolicyType.RequiredNumber, m => m.Target, (m, v) => m with { Target = v },
            "The target: a fraction of the request for Utilization (0.7 for 70%), else in the metric's unit.", PolicyRange.Positive)
        { IsRequired = true });

    private static readonly PolicyShape<ReactivePolicy> Reactive = new(
        new PolicyValue<ReactivePolicy, ImmutableArray<MetricTarget>>("metrics",
            PolicyType.List(Metric, new MetricTarget { Metric = "", Type = MetricTargetType.Utilization, Target = 0 }, minItems: 1), r => r.Metrics, (r, v) => r with { Metrics = v },
            "The metrics of the reactive reference; the one that asks for most replicas wins."),
        new PolicyValue<ReactivePolicy, double>("tolerance", PolicyType.Number, r => r.Tolerance, (r, v) => r with { Tolerance = v },
            "Relative deviation of usage ÷ target that is ignored, a fraction.", PolicyRange.FractionFromZero),
        new PolicyValue<ReactivePolicy, TimeSpan>("cpuInitializationPeriod", PolicyType.Duration, r => r.CpuInitializationPeriod, (r, v) => r with { CpuInitializationPeriod = v },
            "How long after its start a pod's CPU is set aside unless it is ready.", PolicyRange.Within(None, TimeSpan.FromDays(1))),
        new PolicyValue<ReactivePolicy, TimeSpan>("initialReadinessDelay", PolicyType.Duration, r => r.InitialReadinessDelay, (r, v) => r with { InitialReadinessDelay = v },
            "How long after its start an unready pod counts as never ready yet.", PolicyRange.Within(None, TimeSpan.FromDays(1))));

    private static readonly PolicyShape<PredictivePolicy> Predictive = new(
        new PolicyValue<PredictivePolicy, bool>("enabled", PolicyType.Flag, p => p.Enabled, (p, v) => p with { Enabled = v }, "Whether forecasts may move the answer."),
        new PolicyValue<PredictivePolicy, TimeSpan>("horizon", PolicyType.Duration, p => p.Horizon, (p, v) => p with { Horizon = v },
            "How far ahead forecasts reach; past the lead time by at least a step.", PolicyRange.Within(None, TimeSpan.FromHours(2))),
        new PolicyValue<PredictivePolicy, TimeSpan>("leadTime", PolicyType.Duration, p => p.LeadTime, (p, v) => p with { LeadTime = v },
            "Time from a decision to a ready pod until it has been measured.", PolicyRange.Within(None, TimeSpan.FromHours(2), isLeastOut: true)),
        new PolicyValue<PredictivePolicy, double>("violationCost", PolicyType.Number, p => p.ViolationCost, (p, v) => p with { ViolationCost = v },
            "Price of a step in violation, in pod-steps, for a service of 15 pods and a demand a tenth above what they serve (0.7 of it just above that, at most 1.45); more buys more headroom.", new PolicyRange(0, 1e6, "is not within 0..1000000", IsLeastOut: true)),
        new PolicyValue<PredictivePolicy, double>("changeCost", PolicyType.Number, p => p.ChangeCost, (p, v) => p with { ChangeCost = v },
            "Price of a change of the replicas, in pod-steps; about 30 gives no more changes than an HPA makes.", new PolicyRange(0, 1e4, "is not within 0..10000")));

    private static readonly PolicyShape<RateLimit> Limit = new(
        new PolicyValue<RateLimit, RateLimitType>("type", PolicyType.Choice<RateLimitType>(), l => l.Type, (l, v) => l with { Type = v }, "What value counts. Pods when left out."),
        new PolicyValue<RateLimit, int>("value", PolicyType.Integer, l => l.Value, (l, v) => l with { Value = v },
            "Pods, or percent of the replicas at the period's start.", PolicyRange.Positive)
        { IsRequired = true },
        new PolicyValue<RateLimit, TimeSpan>("period", PolicyType.Duration, l => l.Period, (l, v) => l with { Period = v },
            "Within which the change is counted.", PolicyRange.Within(None, TimeSpan.FromMinutes(30), isLeastOut: true))
        { IsRequired = true });

    private static readonly PolicyShape<ScalingRules> Rules = new(
        new PolicyValue<ScalingRules, TimeSpan>("stabilizationWindow", PolicyType.Duration, r => r.StabilizationWindow, (r, v) => r with { StabilizationWindow = v },
            "Past recommendations that are looked at: the least of them when adding, the greatest when removing.", PolicyRange.Within(None, TimeSpan.FromHours(1))),
        new PolicyValue<ScalingRules, LimitSelection>("select", PolicyType.Choice<LimitSelection>(), r => r.Select, (r, v) => r with { Select = v },
            "Which of several limits holds; Disabled switches the direction off."),
        new PolicyValue<ScalingRules, ImmutableArray<RateLimit>>("limits",
            PolicyType.List(Limit, new RateLimit { Type = RateLimitType.Pods, Value = 0, Period = None }), r => r.Limits, (r, v) => r with { Limits = v }, "The rate limits."),
        new PolicyValue<ScalingRules, double?>("tolerance", PolicyType.OptionalNumber, r => r.Tolerance, (r, v) => r with { Tolerance = v },
            "Relative deviation that is ignored in this direction; null or left out: the reactive tolerance.", PolicyRange.FractionFromZero));

    private static readonly PolicyShape<BehaviorPolicy> Behavior = new(
        new PolicyPart<BehaviorPolicy, ScalingRules>("scaleUp", Rules, b => b.ScaleUp, (b, v) => b with { ScaleUp = v }, "Rules for adding replicas."),
        new PolicyPart<BehaviorPolicy, ScalingRules>("scaleDown", Rules, b => b.ScaleDown, (b, v) => b with { ScaleDown = v }, "Rules for removing replicas."));

    private static readonly PolicyShape<ScheduleWindow> Window = new(
        new PolicyValue<ScheduleWindow, ImmutableArray<DayOfWeek>>("days", PolicyType.Choices<DayOfWeek>(), w => w.Days, (w, v) => w with { Days = v },
            "Days on which the window starts; every day when left out."),
        new PolicyValue<ScheduleWindow, TimeOnly>("from", PolicyType.TimeOfDay, w => w.From, (w, v) => w with { From = v }, "Start, UTC, as HH:mm.")
        { IsRequired = true },
        new PolicyValue<ScheduleWindow, TimeOnly>("to", PolicyType.TimeOfDay, w => w.To, (w, v) => w with { To = v },
            "End, UTC, as HH:mm, not in the window itself; before the start: on the next day.")
        { IsRequired = true },
        new PolicyValue<ScheduleWindow, int?>("minReplicas", PolicyType.OptionalInteger, w => w.MinReplicas, (w, v) => w with { MinReplicas = v },
            "Fewest replicas inside the window; left out: the policy's.", PolicyRange.AtLeast(1)),
        new PolicyValue<ScheduleWindow, int?>("maxReplicas", PolicyType.OptionalInteger, w => w.MaxReplicas, (w, v) => w with { MaxReplicas = v },
            "Most replicas inside the window; left out: the policy's.", PolicyRange.AtMost(PolicyValidator.ReplicaLimit)));

    private static readonly PolicyShape<HealingPolicy> Healing = new(
        new PolicyValue<HealingPolicy, bool>("enabled", PolicyType.Flag, h => h.Enabled, (h, v) => h with { Enabled = v }, "Whether faulty pods are healed."),
        new PolicyValue<HealingPolicy, double>("maxUnavailable", PolicyType.Number, h => h.MaxUnavailable, (h, v) => h with { MaxUnavailable = v },
            "Share of the replicas that may be unavailable through healing, a fraction.", PolicyRange.FractionToOne),
        new PolicyValue<HealingPolicy, TimeSpan>("cooldown", PolicyType.Duration, h => h.Cooldown, (h, v) => h with { Cooldown = v },
            "Time between two evictions of a workload.", PolicyRange.Within(None, TimeSpan.FromDays(1))),
        new PolicyValue<HealingPolicy, int>("evictionsPerHour", PolicyType.Integer, h => h.EvictionsPerHour, (h, v) => h with { EvictionsPerHour = v },
            "Evictions of a workload within an hour, a node's pods aside.", PolicyRange.AtLeast(0)),
        new PolicyValue<HealingPolicy, int>("evictionsPerDay", PolicyType.Integer, h => h.EvictionsPerDay, (h, v) => h with { EvictionsPerDay = v },
            "Evictions of a workload within a day.", new PolicyRange(0, Core.Healing.HealingState.MostEvictions, $"is not within 0..{Core.Healing.HealingState.MostEvictions}")));

    private static readonly PolicyShape<BudgetPolicy> Budget = new(
        new PolicyValue<BudgetPolicy, double?>("replicaHours", PolicyType.OptionalNumber, b => b.ReplicaHours, (b, v) => b with { ReplicaHours = v },
            "Replica-hours within a period.", PolicyRange.Positive),
        new PolicyValue<BudgetPolicy, double?>("money", PolicyType.OptionalNumber, b => b.Money, (b, v) => b with { Money = v },
            "Money within a period, instead of replicaHours.", PolicyRange.Positive),
        new PolicyValue<BudgetPolicy, double?>("pricePerReplicaHour", PolicyType.OptionalNumber, b => b.PricePerReplicaHour, (b, v) => b with { PricePerReplicaHour = v },
            "Price of a replica-hour, needed with money. Of a service whose team has a budget in money: what its replicas cost that budget; left out: the team's price.", PolicyRange.Positive),
        new PolicyValue<BudgetPolicy, TimeSpan>("period", PolicyType.Duration, b => b.Period, (b, v) => b with { Period = v },
            "The period, counted from 1970-01-01 UTC.", PolicyRange.Within(TimeSpan.FromHours(1), TimeSpan.FromDays(31))),
        new PolicyValue<BudgetPolicy, BudgetEnforcement>("enforcement", PolicyType.Choice<BudgetEnforcement>(), b => b.Enforcement, (b, v) => b with { Enforcement = v },
            "Hard: nothing but the minimum runs when it is spent. Soft: it is told."));

    private static readonly PolicyShape<TeamBudget> Team = new(
        new PolicyValue<TeamBudget, string>("name", PolicyType.RequiredText, t => t.Name, (t, v) => t with { Name = v }, "The team's name.")
        { IsRequired = true },
        new PolicyPart<TeamBudget, BudgetPolicy>("budget", Budget, t => t.Budget, (t, v) => t with { Budget = v }, "What all services of the team together may spend within a period."));

    private static readonly PolicyShape<ScaleToZeroPolicy> Zero = new(
        new PolicyValue<ScaleToZeroPolicy, bool>("enabled", PolicyType.Flag, z => z.Enabled, (z, v) => z with { Enabled = v },
            "Whether a service without demand gives up all of its replicas; its demand must be measured elsewhere than in its pods."),
        new PolicyValue<ScaleToZeroPolicy, TimeSpan>("after", PolicyType.Duration, z => z.After, (z, v) => z with { After = v },
            "How long there must have been no demand.", PolicyRange.Within(TimeSpan.FromMinutes(1), TimeSpan.FromDays(7))),
        new PolicyValue<ScaleToZeroPolicy, double>("activation", PolicyType.Number, z => z.Activation, (z, v) => z with { Activation = v },
            "Requests per second up to which there counts as none.", new PolicyRange(0, double.MaxValue, "is below 0")));

    /// <summary>The whole policy.</summary>
    public static readonly PolicyShape<PolicyDocument> Document = new(
        new PolicyValue<PolicyDocument, long>("version", PolicyType.Version, p => p.Version, (p, v) => p with { Version = v },
            "Counted by the control plane; what is written here is not used."),
        new PolicyValue<PolicyDocument, string>("scope", PolicyType.Text, p => p.Scope, (p, v) => p with { Scope = v },
            "What it applies to: cluster, cluster/namespace or cluster/namespace/kind/name; a narrower scope takes from the wider ones what it does not say itself."),
        new PolicyValue<PolicyDocument, PolicyMode>("mode", PolicyType.Choice<PolicyMode>(), p => p.Mode, (p, v) => p with { Mode = v },
            "Off: no decisions. Recommend: decides, explains, changes nothing. Auto: acts."),
        new PolicyValue<PolicyDocument, int>("minReplicas", PolicyType.Integer, p => p.MinReplicas, (p, v) => p with { MinReplicas = v }, "Fewest replicas.", PolicyRange.AtLeast(1)),
        new PolicyValue<PolicyDocument, int>("maxReplicas", PolicyType.Integer, p => p.MaxReplicas, (p, v) => p with { MaxReplicas = v },
            "Most replicas, at least the minimum.", PolicyRange.AtMost(PolicyValidator.ReplicaLimit)),
        new PolicyValue<PolicyDocument, int?>("breachLimit", PolicyType.OptionalInteger, p => p.BreachLimit, (p, v) => p with { BreachLimit = v },
            "Most replicas when more than maxReplicas are wanted; null or left out: the maximum holds.", PolicyRange.AtMost(PolicyValidator.ReplicaLimit)),
        new PolicyPart<PolicyDocument, ObjectivePolicy>("objective", Objective, p => p.Objective, (p, v) => p with { Objective = v }, "What users are promised."),
        new PolicyPart<PolicyDocument, ReactivePolicy>("reactive", Reactive, p => p.Reactive, (p, v) => p with { Reactive = v }, "The reactive reference, the Kubernetes HPA algorithm."),
        new PolicyPart<PolicyDocument, PredictivePolicy>("predictive", Predictive, p => p.Predictive, (p, v) => p with { Predictive = v }, "The predictive target."),
        new PolicyPart<PolicyDocument, BehaviorPolicy>("behavior", Behavior, p => p.Behavior, (p, v) => p with { Behavior = v }, "Limits of change in both directions, as in an HPA's spec.behavior."),
        new PolicyValue<PolicyDocument, bool>("pauseScaleUp", PolicyType.Flag, p => p.PauseScaleUp, (p, v) => p with { PauseScaleUp = v }, "Whether scaling up is paused."),
        new PolicyValue<PolicyDocument, bool>("pauseScaleDown", PolicyType.Flag, p => p.PauseScaleDown, (p, v) => p with { PauseScaleDown = v }, "Whether scaling down is paused."),
        new PolicyValue<PolicyDocument, ImmutableArray<ScheduleWindow>>("schedule", PolicyType.List(Window, new ScheduleWindow { From = default, To = default }), p => p.Schedule, (p, v) => p with { Schedule = v },
            "Windows of the week with bounds of their own; the first that matches holds."),
        new PolicyValue<PolicyDocument, TimeSpan>("step", PolicyType.Duration, p => p.Step, (p, v) => p with { Step = v },
            "Length of a step.", PolicyRange.Within(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5))),
        new PolicyPart<PolicyDocument, HealingPolicy>("healing", Healing, p => p.Healing, (p, v) => p with { Healing = v }, "How faulty pods are healed; only Auto acts."),
        new PolicyPart<PolicyDocument, BudgetPolicy>("budget", Budget, p => p.Budget ?? BudgetPolicy.None, (p, v) => p with { Budget = v == BudgetPolicy.None ? null : v },
            "What each service may spend within a period."),
        new PolicyPart<PolicyDocument, ScaleToZeroPolicy>("scaleToZero", Zero, p => p.ScaleToZero ?? ScaleToZeroPolicy.Never, (p, v) => p with { ScaleToZero = v == ScaleToZeroPolicy.Never ? null : v },
            "Zero replicas without demand."),
        new PolicyValue<PolicyDocument, AdviserMode>("adviser", PolicyType.Choice<AdviserMode>(), p => p.Adviser, (p, v) => p with { Adviser = v },
            "Off: it is not asked. Shadow: what it would have saved is recorded. Act: it moves the price of a violation where it has proved itself."),
        new PolicyValue<PolicyDocument, string?>("team", PolicyType.OptionalText, p => p.Team, (p, v) => p with { Team = v },
            "The team whose budget the services of the scope share, one of the cluster's teams; null or left out: none."),
        new PolicyValue<PolicyDocument, ImmutableArray<TeamBudget>>(Teams, PolicyType.List(Team, new TeamBudget { Name = "" }), p => p.Teams, (p, v) => p with { Teams = v },
            "The teams of the cluster and their budgets. Only in the cluster's policy."));

    /// <summary>Checks of the items of lists, which have paths of their own.</summary>
    public static void CheckItems(PolicyDocument policy, PolicyCheck require)
    {
        Each(Metric, policy.Reactive.Metrics, "reactive.metrics", require);
        Each(Limit, policy.Behavior.ScaleUp.Limits, "behavior.scaleUp.limits", require);
        Each(Limit, policy.Behavior.ScaleDown.Limits, "behavior.scaleDown.limits", require);
        Each(Window, policy.Schedule, "schedule", require);
        Each(Team, policy.Teams, Teams, require);
    }

    private static void Each<T>(PolicyShape<T> shape, ImmutableArray<T> items, string path, PolicyCheck require)
        where T : class
    {
        for (var i = 0; i < items.Length; i++) shape.Check(items[i], $"{path}[{i}]", require);
    }
}
