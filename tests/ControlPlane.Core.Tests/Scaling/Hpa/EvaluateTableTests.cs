using System.Collections.Immutable;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling.Hpa;

namespace ControlPlane.Core.Tests.Scaling.Hpa;

/// <summary>
/// Whole evaluations. Facts and figures of Kubernetes' horizontal_test.go, whose autoscalers have no <c>spec.behavior</c> unless the
/// case is about it, a tolerance of 10%, 2 min of CPU initialisation and 10 s of readiness delay.
/// </summary>
public sealed class EvaluateTableTests
{
    public sealed record Row(string Shows, string Upstream, int Min, int Max, int Current, int? Desired, string? Rule)
    {
        /// <summary>Target of CPU utilization in percent; null: CPU is not a metric.</summary>
        public int? CpuTarget { get; init; }

        /// <summary>The pods with their CPU, see <see cref="PodTable"/>.</summary>
        public string Pods { get; init; } = "";

        /// <summary>Target of the pods' own metric, per pod.</summary>
        public double? QpsTarget { get; init; }

        /// <summary>The pods with their own metric; empty: not measured.</summary>
        public string QpsPods { get; init; } = "";

        /// <summary>Target of the demand.</summary>
        public double? DemandTarget { get; init; }

        public MetricTargetType DemandType { get; init; } = MetricTargetType.Value;

        public double? Demand { get; init; }

        /// <summary>Recommendations before, as <c>replicas@seconds ago</c>; null: the controller has just started.</summary>
        public string? Before { get; init; }

        public BehaviorPolicy? Behavior { get; init; }

        public override string ToString() => $"{Shows} [{Upstream}]";
    }

    private const string Busy = "300/1000 500/1000 700/1000";
    private const string Idle = "100/1000 300/1000 500/1000 250/1000 250/1000";
    private const string Mixed = "1010/900 1030/1000 1020/1100";

    public static TheoryData<Row> CpuRows =>
    [
        new("busy pods add", "ScaleUpCPU/scale up", 2, 6, 3, 5, null) { CpuTarget = 30, Pods = Busy },
        new("an unready pod adds less", "ScaleUpCPU/unready pods results in less scale", 2, 6, 3, 4, null)
            { CpuTarget = 30, Pods = "300/1000u 500/1000 700/1000" },
        new("a starting pod adds less", "ScaleUpCPU/hot cpu pods results in less scale", 2, 6, 3, 4, null)
            { CpuTarget = 30, Pods = "300/1000h 500/1000 700/1000" },
        new("failed pods are no pods", "ScaleUpCPU/ignores failed pods", 2, 6, 2, 4, null)
            { CpuTarget = 30, Pods = "500/1000 700/1000 -/1000f -/1000f" },
        new("pods being deleted are no pods", "ScaleUpCPU/ignores deletion pods", 2, 6, 2, 4, null)
            { CpuTarget = 30, Pods = "500/1000 700/1000 -/1000d -/1000d" },
        new("unready pods fill the gap", "ScaleUpCPU/no scale up when all unready pods bring utilization within target", 2, 6, 3, 3, null)
            { CpuTarget = 30, Pods = "400/1000 500/1000u 700/1000u" },
        new("starting pods fill the gap", "ScaleUpUnreadyOrHotCpuNoScale/hot CPU pods excluded from scaling", 2, 6, 3, 3, null)
            { CpuTarget = 30, Pods = "400/1000 500/1000uh 700/1000uh" },
        new("idle pods are removed", "ScaleDownCPU/scale down", 2, 6, 5, 3, null) { CpuTarget = 50, Pods = Idle, Before = "" },
        new("unready pods do not keep others", "ScaleDownCPU/includes unready pods", 2, 6, 5, 2, null)
            { CpuTarget = 50, Pods = "100/1000 300/1000 500/1000 250/1000u 250/1000u", Before = "" },
        new("starting pods do not keep others", "ScaleDownCPU/ignores hot cpu pods", 2, 6, 5, 2, null)
            { CpuTarget = 50, Pods = "100/1000 300/1000 500/1000 250/1000h 250/1000h", Before = "" },
        new("failed pods do not keep others", "ScaleDownCPU/ignores failed pods", 2, 6, 5, 3, null)
            { CpuTarget = 50, Pods = Idle + " -/1000f -/1000f", Before = "" },
        new("pods being deleted do not keep others", "ScaleDownCPU/ignores deletion pods", 2, 6, 5, 3, null)
            { CpuTarget = 50, Pods = Idle + " -/1000d -/1000d", Before = "" },
        new("after a start nothing is removed at once", "ScaleDownStabilizeInitialSize", 2, 6, 5, 5, HpaRules.StabilizedDown)
            { CpuTarget = 50, Pods = Idle },
        new("within tolerance nothing moves", "Tolerance/CPU resource metric within tolerance", 1, 5, 3, 3, null)
            { CpuTarget = 100, Pods = Mixed },
        new("a tolerance of 1% for adding", "ConfigurableTolerance/scaling up, 1%", 1, 5, 3, 4, null)
        {
            CpuTarget = 100,
            Pods = Mixed,
            Behavior = Behaviors.Of(up: BehaviorPolicy.KubernetesDefault.ScaleUp with { Tolerance = 0.01 }),
        },
        new("a tolerance of 90% for removing", "ConfigurableTolerance/no scale-down, 90%", 1, 5, 3, 3, null)
        {
            CpuTarget = 100,
            Pods = "300/1000 300/1000 300/1000",
            Before = "",
            Behavior = Behaviors.Of(down: BehaviorPolicy.KubernetesDefault.ScaleDown with { Tolerance = 0.9 }),
        },
        new("the common tolerance of 10%", "ConfigurableTolerance/no scaling because of the large default tolerance", 1, 5, 3, 3, null)
            { CpuTarget = 100, Pods = Mixed, Behavior = BehaviorPolicy.KubernetesDefault },
        new("the minimum holds", "ReplicaLimits/scale down clamped to min replicas", 2, 5, 3, 2, HpaRules.Minimum)
            { CpuTarget = 90, Pods = "10/900 95/1000 10/1100", Before = "" },
        new("a minimum of zero lets go of all", "ReplicaLimits/scale down to zero when min replicas is zero", 0, 5, 3, 0, null)
            { CpuTarget = 90, Pods = "0/900 0/1000 0/1100", Before = "" },
        new("no usage leaves the minimum", "ReplicaLimits/scale down clamped to min when desired is zero", 2, 5, 3, 2, HpaRules.Minimum)
            { CpuTarget = 90, Pods = "0/900 0/1000 0/1100", Before = "" },
        new("zero replicas switch it off", "ReplicaLimits/no scaling when spec replicas is zero", 3, 5, 0, null, HpaRules.ScaledToZero)
            { CpuTarget = 90 },
        new("zero by hand switches it off", "ManualScaleToZeroDisablesHPA", 1, 6, 0, null, HpaRules.ScaledToZero) { CpuTarget = 50 },
        new("below the minimum: up at once", "ReplicaLimits/scale up to min when below min replicas", 3, 5, 2, 3, HpaRules.BelowMinimum)
            { CpuTarget = 90 },
        new("above the maximum: down at once", "ReplicaLimits/scale down to max when above max replicas", 3, 5, 10, 5, HpaRules.AboveMaximum)
            { CpuTarget = 90 },
        new("below the minimum whatever is measured", "ScaleRCImmediately/scale up to min when below min replicas", 2, 6, 1, 2,
            HpaRules.BelowMinimum) { CpuTarget = 50, Pods = "0/1000 0/1000 0/1000 0/1000" },
        new("above the maximum whatever is measured", "ScaleRCImmediately/scale down to max when above max replicas", 2, 5, 6, 5,
            HpaRules.AboveMaximum) { CpuTarget = 50, Pods = "8000/900 9500/1000 1000/1100" },
        new("the maximum holds", "ReplicaLimits/scale up clamped to max replicas", 2, 5, 3, 5, HpaRules.Maximum)
            { CpuTarget = 90, Pods = "8000/900 9500/1000 1000/1100" },
        new("six times as many meet the maximum", "MetricsEdgeCases/superfluous metrics reported", 2, 6, 4, 6, HpaRules.Maximum)
            { CpuTarget = 100, Pods = "4000/1000 9500/1000 3000/1000 7000/1000" },
        new("missing pods slow the removal", "MetricsEdgeCases/missing metrics from some pods", 2, 6, 4, 3, null)
            { CpuTarget = 100, Pods = "400/1000 95/1000 -/1000 -/1000", Before = "" },
        new("no value at all: no answer", "MetricsEdgeCases/empty metrics from all pods", 2, 6, 4, null, HpaRules.NoMetric)
            { CpuTarget = 100, Pods = "-/1000 -/1000 -/1000 -/1000" },
        new("no requests: no answer", "MetricsEdgeCases/empty CPU requests", 1, 5, 1, null, HpaRules.NoMetric)
            { CpuTarget = 100, Pods = "200/-" },
        new("one pod at twice its target becomes two", "EventCreated", 1, 5, 1, 2, null) { CpuTarget = 50, Pods = "200/200" },
        new("at target nothing moves", "EventNotCreated", 1, 5, 2, 2, null) { CpuTarget = 50, Pods = "200/400 200/400" },
        new("the pods that exist count, not the replicas", "CPUScalingEdgeCases/missing reports from some pods", 1, 5, 4, 2, null)
            { CpuTarget = 50, Pods = "200/200", Before = "" },
        new("a surplus pod at target does not add", "CPUScalingEdgeCases/more replicas than spec no scale", 1, 8, 4, 4, null)
            { CpuTarget = 50, Pods = "500/1000 500/1000 500/1000 500/1000 500/1000" },
        new("700% in a minute", "UpscaleCap/capped by scale up rules", 1, 100, 3, 24, HpaRules.ScaleUpLimit)
            { CpuTarget = 10, Pods = "100/100 200/100 300/100", Behavior = Behaviors.Of(up: Behaviors.Rules("700%/60")) },
        new("the maximum is nearer than 700%", "UpscaleCap/capped by max replicas when scale up limit exceeds max", 1, 20, 3, 20, HpaRules.Maximum)
            { CpuTarget = 10, Pods = "100/100 200/100 300/100", Behavior = Behaviors.Of(up: Behaviors.Rules("700%/60")) },
        new("a minute-old recommendation holds, a ten-minute-old does not", "ScaleTimingBehavior/stabilize downscale", 1, 5, 4, 4,
            HpaRules.StabilizedDown) { CpuTarget = 100, Pods = "50/100 50/100 50/100", Before = "10@600 4@60" },
        new("minimal step down of ten", "ComputedToleranceAlgImplementation (first)", 0, 1000, 10, 9, null)
        {
            CpuTarget = 56,
            Pods = "150/400 150/200 150/310 150/290 150/302 150/298 150/301 150/299 150/300 150/300",
            Before = "",
        },
        new("70% against 50% makes five of three", "HPARescaleWithSuccessfulConflictRetry", 2, 6, 3, 5, null)
            { CpuTarget = 50, Pods = "600/1000 700/1000 800/1000" },
        new("already at the minimum", "AvoidUnnecessaryUpdates", 2, 6, 2, 2, HpaRules.Minimum)
            { CpuTarget = 80, Pods = "400/1000 500/1000h 700/1000h", Before = "" },
    ];

    public static TheoryData<Row> OtherRows =>
    [
        new("the pods' own metric adds", "ScaleUpCM/scale up custom metric", 2, 6, 3, 4, null)
            { QpsTarget = 15, QpsPods = "20000/- 10000/- 30000/-" },
        new("readiness does not matter for it", "ScaleUpCM/unready and hot cpu pods do not reduce scale for custom metric", 2, 6, 3, 6, null)
            { QpsTarget = 15, QpsPods = "50000/- 10000/- 30000/-uh" },
        new("seven are cut to six", "ScaleUpCM/unready and hot cpu pods scale to max", 2, 6, 3, 6, HpaRules.Maximum)
            { QpsTarget = 15, QpsPods = "50000/-uh 15000/- 30000/-uh" },
        new("the pods' own metric removes", "ScaleDownCM/scale down pods metric", 2, 6, 5, 3, null)
            { QpsTarget = 20, QpsPods = "12000/- 12000/- 12000/- 12000/- 12000/-", Before = "" },
        new("the pods' own metric within tolerance", "Tolerance/pods metric within tolerance", 1, 5, 3, 3, null)
            { QpsTarget = 20, QpsPods = "20000/- 20001/- 21000/-" },
        new("the workload's value adds", "ScaleUpCMObject/scale up object metric with value target", 2, 6, 3, 4, null)
            { DemandTarget = 15, Demand = 20 },
        new("from nothing by value", "ScaleUpCMObject/scale up from zero with feature gate enabled", 0, 6, 0, 2, null)
            { DemandTarget = 15, Demand = 20 },
        new("from nothing without tolerance", "ScaleUpCMObject/scale up from zero ignores tolerance with feature gate enabled", 0, 6, 0, 1,
            null) { DemandTarget = 1, Demand = 1 },
        new("shares of the workload's value add", "ScaleUpCMObject/per-pod object metric with average value target", 2, 6, 3, 4, null)
            { DemandTarget = 10, DemandType = MetricTargetType.AverageValue, Demand = 40 },
        new("an external value adds", "ScaleUpCMExternal/value target", 2, 6, 3, 4, null) { DemandTarget = 6.666, Demand = 8.6 },
        new("shares of an external value add", "ScaleUpCMExternal/per-pod average value target", 2, 6, 3, 4, null)
            { DemandTarget = 2.222, DemandType = MetricTargetType.AverageValue, Demand = 8.6 },
        new("the workload's value removes", "ScaleDownCM/scale down object metric with value target", 2, 6, 5, 3, null)
            { DemandTarget = 20, Demand = 12, Before = "" },
        new("no demand removes all", "ScaleDownCM/scale down to zero object metric", 0, 6, 5, 0, null)
            { DemandTarget = 20, Demand = 0, Before = "" },
        new("shares of the workload's value remove", "ScaleDownCM/scale down per-pod object metric", 2, 6, 5, 3, null)
            { DemandTarget = 20, DemandType = MetricTargetType.AverageValue, Demand = 60, Before = "" },
        new("an external value removes", "ScaleDownCM/scale down external metric with value target", 2, 6, 5, 3, null)
            { DemandTarget = 14.4, Demand = 8.6, Before = "" },
        new("shares of an external value remove", "ScaleDownCM/scale down per-pod external metric", 2, 6, 5, 3, null)
            { DemandTarget = 3, DemandType = MetricTargetType.AverageValue, Demand = 8.6, Before = "" },
        new("the workload's value within tolerance", "Tolerance/object metric with value target", 1, 5, 3, 3, null)
            { DemandTarget = 20, Demand = 20.05 },
        new("an external value within tolerance", "Tolerance/external metric with value target", 2, 6, 4, 4, null)
            { DemandTarget = 8.666, Demand = 8.6 },
        new("shares within tolerance", "Tolerance/per-pod external metric with average value target", 2, 6, 4, 4, null)
            { DemandTarget = 2.2, DemandType = MetricTargetType.AverageValue, Demand = 8.6 },
        new("one failing metric does not stop an addition", "ScaleUpOneMetricEmpty", 2, 6, 3, 4, null)
            { DemandTarget = 0.1, CpuTarget = 30, Pods = "300/1000 400/1000 500/1000" },
        new("one failing metric stops a removal", "NoScaleDownOneMetricEmpty", 2, 6, 5, null, HpaRules.ScaleDownBlocked)
            { DemandTarget = 1, CpuTarget = 50, Pods = Idle, Before = "" },
        new("a metric of a wrong kind stops a removal", "InvalidMetricSourceType/no scale down when one metric has invalid source type", 2, 6, 5,
            null, HpaRules.ScaleDownBlocked)
            { DemandTarget = 1, DemandType = MetricTargetType.Utilization, Demand = 1, CpuTarget = 50, Pods = Idle, Before = "" },
        new("a metric of a wrong kind does not stop an addition", "ScaleUpOneMetricInvalid", 2, 6, 3, 4, null)
        {
            DemandTarget = 1,
            DemandType = MetricTargetType.Utilization,
            Demand = 1,
            CpuTarget = 30,
            Pods = "300/1000 400/1000 500/1000",
        },
        new("only a metric of a wrong kind: no answer", "InvalidMetricSourceType/only invalid metric source type", 2, 6, 3, null,
            HpaRules.NoMetric) { DemandTarget = 20, DemandType = MetricTargetType.Utilization, Demand = 20 },
        new("the pods' own metric unknown: no answer", "ConditionFailedGetMetrics/FailedGetPodsMetric", 1, 100, 3, null, HpaRules.NoMetric)
            { QpsTarget = 15 },
        new("the workload's value unknown: no answer", "ConditionFailedGetMetrics/FailedGetExternalMetric", 1, 100, 3, null, HpaRules.NoMetric)
            { DemandTarget = 0.3 },
        new("no pause between additions", "ScaleTimingBehavior/no backoff upscale custom metric only", 1, 5, 3, 4, null)
            { QpsTarget = 15, QpsPods = "20000/- 10000/- 30000/-" },
        new("of two metrics the greater wins", "ScaleTimingBehavior/no backoff upscale custom metric and CPU", 1, 5, 3, 5, HpaRules.Maximum)
        {
            QpsTarget = 15,
            QpsPods = "20000/- 10000/- 30000/-",
            CpuTarget = 10,
            Pods = "20000/1000 10000/1000 30000/1000",
        },
    ];

    [Theory]
    [MemberData(nameof(CpuRows))]
    [MemberData(nameof(OtherRows))]
    public void Evaluate_UpstreamCase_GivesUpstreamReplicas(Row row)
    {
        var reactive = new ReactivePolicy
        {
            Metrics = Targets(row),
            CpuInitializationPeriod = PodTable.Initialization,
            InitialReadinessDelay = PodTable.ReadinessDelay,
        };
        var state = row.Before is null
            ? HpaState.Initial(PodTable.Now, row.Current)
            : Behaviors.Remember(row.Before, row.Behavior);

        var result = HpaAlgorithm.Evaluate(state, Observe(row), reactive, row.Behavior, row.Min, row.Max, PodTable.Now);

        Assert.Equal((row.Desired, row.Rule), (result.Desired, result.Rule));
    }

    private static ImmutableArray<MetricTarget> Targets(Row row)
    {
        var targets = ImmutableArray.CreateBuilder<MetricTarget>();
        if (row.DemandTarget is { } demand) targets.Add(new() { Metric = SignalNames.Demand, Type = row.DemandType, Target = demand });
        if (row.QpsTarget is { } qps) targets.Add(new() { Metric = "qps", Type = MetricTargetType.AverageValue, Target = qps });
        if (row.CpuTarget is { } cpu)
            targets.Add(new() { Metric = SignalNames.Cpu, Type = MetricTargetType.Utilization, Target = cpu / 100.0 });
        return targets.ToImmutable();
    }

    private static Observation Observe(Row row)
    {
        var pods = row.Pods.Length > 0 ? row.Pods : row.QpsPods;
        var observation = PodTable.Observe(row.Current, row.Demand, pods.Length > 0 ? PodTable.ReadyPods(pods) : row.Current);
        if (row.Pods.Length > 0)
            observation = observation with { PodMetrics = observation.PodMetrics.Add(PodTable.Summarize(SignalNames.Cpu, row.Pods)) };
        if (row.QpsPods.Length > 0)
            observation = observation with { PodMetrics = observation.PodMetrics.Add(PodTable.Summarize("qps", row.QpsPods)) };
        return observation;
    }
}
