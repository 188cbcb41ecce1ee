using ControlPlane.Core.Scaling.Hpa;

namespace ControlPlane.Core.Tests.Scaling.Hpa;

/// <summary>Metrics with plain targets. Facts and figures of Kubernetes' replica_calculator_test.go.</summary>
public sealed class PlainMetricTableTests
{
    public sealed record PodsRow(string Shows, string Upstream, int Current, long Target, string Pods, int Replicas)
    {
        public double Up { get; init; } = 0.1;

        public override string ToString() => $"{Shows} [{Upstream}]";
    }

    public sealed record ValueRow(string Shows, string Upstream, int Current, long Target, long Usage, int Replicas)
    {
        public double Up { get; init; } = 0.1;

        public int? Ready { get; init; }

        public override string ToString() => $"{Shows} [{Upstream}]";
    }

    public static TheoryData<PodsRow> PodsRows =>
    [
        new("a mean above target adds", "PodMetric/scale up", 3, 15_000, "20000/- 10000/- 30000/-", 4),
        new("readiness does not matter for such metrics", "PodMetric/scale up: unready hot-CPU pod scales less", 3, 15_000,
            "50000/- 10000/- 30000/-uh", 6),
        new("unready busy pods count in full", "PodMetric/scale up: unready hot-CPU pods avoid scale-down", 3, 15_000,
            "50000/-uh 15000/- 30000/-uh", 7),
        new("a mean below target removes", "PodMetric/scale down", 5, 20_000, "12000/- 12000/- 12000/- 12000/- 12000/-", 3),
        new("3% above target is within 10%", "PodMetric/within default tolerance", 3, 20_000, "20000/- 21000/- 21000/-", 3),
        new("3% above target is beyond 1%", "PodMetric/outside configurable 1% tolerance", 3, 20_000, "20000/- 21000/- 21000/-", 4)
            { Up = 0.01 },
        new("at target missing pods change nothing", "PodMetric/no change: missing metrics", 5, 20_000, "20000/- 19000/- 21000/- -/- -/-", 5),
        new("a surplus pod without a value does not add", "PodMetric/rolling update with maxSurge: extra pod missing metric", 2, 17_000,
            "10000/- 10000/- -/-", 2),
    ];

    public static TheoryData<ValueRow> ValueRows =>
    [
        new("a third above target adds a third", "ObjectMetric/scale up", 3, 15_000, 20_000, 4),
        new("a count beyond all measure is cut", "ObjectMetric/scale up: very large metric saturates replicas to MaxInt32", 3, 1, long.MaxValue,
            int.MaxValue),
        new("only ready pods are multiplied", "ObjectMetric/scale up: ignores unready pods", 3, 10_000, 50_000, 5) { Ready = 1 },
        new("a value below target removes", "ObjectMetric/scale down", 5, 20_000, 12_000, 3),
        new("3% above target is within 10%", "ObjectMetric/within default tolerance", 3, 20_000, 20_666, 3),
        new("3% above target is beyond 1%", "ObjectMetric/outside configurable 1% tolerance", 3, 20_000, 20_666, 4) { Up = 0.01 },
        new("one ready pod of three, doubled, is two", "ExternalMetric/scale down: ignores unready pods", 3, 4_400, 8_600, 2) { Ready = 1 },
        new("a value below target removes", "ExternalMetric/scale down", 5, 14_334, 8_600, 3),
        new("3% below target is within 10%", "ExternalMetric/within default tolerance", 3, 8_888, 8_600, 3),
        new("1.1% above target is beyond 1%", "ExternalMetric/outside configurable 1% tolerance", 3, 8_800, 8_900, 4) { Up = 0.01 },
        new("the greatest value against the greatest target holds", "ExternalMetric/usage overflow caps at MaxInt64", 3, long.MaxValue,
            long.MaxValue, 3),
    ];

    public static TheoryData<ValueRow> AverageRows =>
    [
        new("the greatest value against the greatest target holds", "ObjectPerPodMetric/usage overflow with huge target", 1, long.MaxValue,
            long.MaxValue, 1),
        new("four shares need four replicas", "ObjectPerPodMetric/scale up", 3, 5_000, 20_000, 4),
        new("three shares need three replicas", "ObjectPerPodMetric/scale down", 5, 2_000, 6_000, 3),
        new("0.8% above target is within 10%", "ObjectPerPodMetric/within default tolerance", 4, 5_000, 20_166, 4),
        new("1.04% above target is beyond 1%", "ObjectPerPodMetric/outside configurable 1% tolerance", 4, 5_000, 20_208, 5) { Up = 0.01 },
        new("from no replicas the value alone decides", "ObjectPerPodMetric/statusReplicas zero does not overflow usage", 0, 5_000, 20_000, 4),
        new("nothing to do needs no replicas", "ObjectPerPodMetric/statusReplicas zero and metric zero", 0, 5_000, 0, 0),
        new("a count beyond all measure is cut", "ExternalPerPodMetric/replica count overflow saturates to MaxInt32", 1, 1, long.MaxValue,
            int.MaxValue),
        new("four shares need four replicas", "ExternalPerPodMetric/scale up", 3, 2_150, 8_600, 4),
        new("three shares need three replicas", "ExternalPerPodMetric/scale down", 5, 2_867, 8_600, 3),
        new("1% below target is within 10%", "ExternalPerPodMetric/within default tolerance", 3, 2_900, 8_600, 3),
        new("2.4% above target is beyond 1%", "ExternalPerPodMetric/outside configurable 1% tolerance", 3, 2_800, 8_600, 4) { Up = 0.01 },
    ];

    [Theory]
    [MemberData(nameof(PodsRows))]
    public void AverageValue_UpstreamCase_GivesUpstreamReplicas(PodsRow row)
    {
        var proposal = ReplicaCalculator.AverageValue(
            PodTable.Summarize("qps", row.Pods), row.Current, row.Target, new HpaTolerances(0.1, row.Up));

        Assert.Equal(row.Replicas, proposal.Replicas);
    }

    [Theory]
    [MemberData(nameof(ValueRows))]
    public void WorkloadValue_UpstreamCase_GivesUpstreamReplicas(ValueRow row)
    {
        var proposal = ReplicaCalculator.WorkloadValue(
            "qps", row.Usage, row.Current, row.Ready ?? row.Current, row.Target, new HpaTolerances(0.1, row.Up));

        Assert.Equal(row.Replicas, proposal.Replicas);
    }

    [Theory]
    [MemberData(nameof(AverageRows))]
    public void WorkloadAverageValue_UpstreamCase_GivesUpstreamReplicas(ValueRow row)
    {
        var proposal = ReplicaCalculator.WorkloadAverageValue("qps", row.Usage, row.Current, row.Target, new HpaTolerances(0.1, row.Up));

        Assert.Equal(row.Replicas, proposal.Replicas);
    }

    [Fact]
    public void WorkloadAverageValue_NoReplicas_KeepsInfinityAndNaNOut()
    {
        Assert.Null(ReplicaCalculator.WorkloadAverageValue("qps", 20_000, 0, 5_000, new HpaTolerances(0.1, 0.1)).Ratio);
        Assert.Null(ReplicaCalculator.WorkloadAverageValue("qps", 0, 0, 5_000, new HpaTolerances(0.1, 0.1)).Ratio);
    }

    [Fact]
    public void WorkloadValue_ReadyPodsUnknown_FailsUnlessWithinTolerance()
    {
        var tolerances = new HpaTolerances(0.1, 0.1);

        Assert.Equal(HpaRules.PodsUnknown, ReplicaCalculator.WorkloadValue("qps", 30_000, 3, null, 15_000, tolerances).Rule);
        Assert.Equal(3, ReplicaCalculator.WorkloadValue("qps", 15_000, 3, null, 15_000, tolerances).Replicas);
    }

    [Fact]
    public void AnyCalculation_TargetNotAboveZero_Fails()
    {
        var tolerances = new HpaTolerances(0.1, 0.1);
        var pods = PodTable.Summarize("cpu", "500/1000");

        Assert.Equal(HpaRules.TargetInvalid, ReplicaCalculator.Utilization(pods, 1, 0, tolerances).Rule);
        Assert.Equal(HpaRules.TargetInvalid, ReplicaCalculator.AverageValue(pods, 1, 0, tolerances).Rule);
        Assert.Equal(HpaRules.TargetInvalid, ReplicaCalculator.WorkloadValue("qps", 1, 1, 1, 0, tolerances).Rule);
        Assert.Equal(HpaRules.TargetInvalid, ReplicaCalculator.WorkloadAverageValue("qps", 1, 1, -1, tolerances).Rule);
    }
}
