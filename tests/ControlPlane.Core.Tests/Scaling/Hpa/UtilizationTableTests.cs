using ControlPlane.Core.Metrics;
using ControlPlane.Core.Scaling.Hpa;

namespace ControlPlane.Core.Tests.Scaling.Hpa;

/// <summary>
/// CPU utilization against a target. Facts and figures of Kubernetes' replica_calculator_test.go; there every pod has two equal
/// containers, here one.
/// </summary>
public sealed class UtilizationTableTests
{
    public sealed record Row(string Shows, string Upstream, int Current, int TargetPercent, string Pods, int? Replicas, string? Rule = null)
    {
        public double Down { get; init; } = 0.1;

        public double Up { get; init; } = 0.1;

        public override string ToString() => $"{Shows} [{Upstream}]";
    }

    public static TheoryData<Row> Rows =>
    [
        new("mean above target adds pods", "ResourceScale/scale up", 3, 30, "300/1000 500/1000 700/1000", 5),
        new("an unready pod counts as idle when adding", "ResourceScale/scale up: unready pod scales less", 3, 30,
            "300/1000u 500/1000 700/1000", 4),
        new("a pod that has just started counts as idle when adding", "ResourceScale/scale up: hot-CPU pod scales less", 3, 30,
            "300/1000h 500/1000 700/1000", 4),
        new("idle unready pods eat up the whole excess", "ResourceScale/no scale: unready pods ignored", 3, 30,
            "400/1000 500/1000u 700/1000u", 3, HpaRules.Reversal),
        new("idle starting pods eat up the whole excess", "ResourceScale/no scale: hot-CPU pods ignored", 3, 30,
            "400/1000 500/1000uh 700/1000uh", 3, HpaRules.Reversal),
        new("failed pods are no pods when adding", "ResourceScale/scale up: failed pods ignored", 2, 30,
            "500/1000 700/1000 -/1000f -/1000f", 4),
        new("values of failed pods are left out too", "ResourceScale/scale up: failed pods ignored with missing container metric", 2, 30,
            "500/1000 700/1000 1000/1000f 9000/1000f", 4),
        new("succeeded pods are no pods when adding", "ResourceScale/scale up: succeeded pods ignored", 2, 30,
            "500/1000 700/1000 -/1000s -/1000s", 4),
        new("pods being deleted are no pods when adding", "ResourceScale/scale up: pods being deleted are ignored", 2, 30,
            "500/1000 700/1000 -/1000d -/1000d", 4),
        new("mean below target removes pods", "ResourceScale/scale down", 5, 50, "100/1000 300/1000 500/1000 250/1000 250/1000", 3),
        new("unready pods do not count when removing", "ResourceScale/scale down: exclude unready pods", 5, 50,
            "100/1000 300/1000 500/1000 250/1000u 250/1000u", 2),
        new("pending pods do not count when removing", "ResourceScale/scale down: exclude unscheduled pods", 5, 50,
            "100/1000 -/1000p -/1000p -/1000p -/1000p", 1),
        new("values of pending pods do not count either", "ResourceScale/scale down: container metric excludes unscheduled pods", 5, 50,
            "100/1000 300/1000p 500/1000p 250/1000p 250/1000p", 1),
        new("starting pods do not count when removing", "ResourceScale/scale down: ignore hot-CPU pods", 5, 50,
            "100/1000 300/1000 500/1000 250/1000h 250/1000h", 2),
        new("busy starting pods do not count either", "ResourceScale/scale down: container metric ignores hot-CPU pods", 5, 50,
            "100/1000 300/1000 500/1000 1000/1000h 1000/1000h", 2),
        new("failed pods are no pods when removing", "ResourceScale/scale down: failed pods ignored", 5, 50,
            "100/1000 300/1000 500/1000 250/1000 250/1000 -/1000f -/1000f", 3),
        new("succeeded pods are no pods when removing", "ResourceScale/scale down: succeeded pods ignored", 5, 50,
            "100/1000 300/1000 500/1000 250/1000 250/1000 -/1000s -/1000s", 3),
        new("pods being deleted are no pods when removing", "ResourceScale/scale down: pods being deleted are ignored", 5, 50,
            "100/1000 300/1000 500/1000 250/1000 250/1000 -/1000d -/1000d", 3),
        new("2% above target is within 10%", "ResourceTolerance/within default tolerance", 3, 100,
            "1010/900 1030/1000 1020/1100", 3, HpaRules.WithinTolerance),
        new("1% above target is too much without tolerance", "ResourceTolerance/outside 0% tolerance", 3, 100,
            "909/900 1010/1000 1111/1100", 4) { Down = 0, Up = 0 },
        new("90% above target is within 200%", "ResourceTolerance/within 200% scale-up tolerance", 3, 100,
            "1890/900 1910/1000 1900/1100", 3, HpaRules.WithinTolerance) { Up = 2 },
        new("the tolerance for removing does not help when adding", "ResourceTolerance/outside 8% scale-up tolerance", 3, 100,
            "1100/900 1080/1000 1090/1100", 4) { Down = 2, Up = 0.08 },
        new("35% below target is within 36%", "ResourceTolerance/within 36% scale-down tolerance", 3, 100,
            "660/900 640/1000 650/1100", 3, HpaRules.WithinTolerance) { Down = 0.36 },
        new("35% below target is beyond 34%", "ResourceTolerance/outside 34% scale-down tolerance", 3, 100,
            "660/900 640/1000 650/1100", 2) { Down = 0.34 },
        new("just beyond the tolerance removes one of ten", "ComputedToleranceAlgImplementation (first)", 10, 56,
            "150/400 150/200 150/310 150/290 150/302 150/298 150/301 150/299 150/300 150/300", 9),
        new("just within the tolerance keeps all ten", "ComputedToleranceAlgImplementation (second)", 10, 55,
            "150/400 150/200 150/310 150/290 150/302 150/298 150/301 150/299 150/300 150/300", 10, HpaRules.WithinTolerance),
        new("a mean of 587% asks for six times as many", "ResourceMissingMetrics/superfluous metrics counted", 4, 100,
            "4000/1000 9500/1000 3000/1000 7000/1000", 24),
        new("missing pods count as fully used when removing", "ResourceMissingMetrics/some pods missing metrics scales down", 4, 100,
            "400/1000 95/1000 -/1000 -/1000", 3),
        new("at target a missing pod changes nothing", "ResourceMissingMetrics/no change: metric equal to target", 2, 100,
            "1000/1000 -/1000", 2, HpaRules.WithinTolerance),
        new("a missing pod counts as idle when adding", "ResourceMissingMetrics/no change: metric above target", 2, 100,
            "1900/1000 -/1000", 2, HpaRules.WithinTolerance),
        new("a missing pod counts as full when removing", "ResourceMissingMetrics/no change: metric below target", 2, 100,
            "600/1000 -/1000", 2),
        new("unready and missing at once change nothing", "ResourceMissingMetrics/no change: unready pod metric missing", 3, 50,
            "100/1000u 450/1000 -/1000", 3, HpaRules.Reversal),
        new("starting and missing at once change nothing", "ResourceMissingMetrics/no change: hot-CPU pod metric missing", 3, 50,
            "100/1000h 450/1000 -/1000", 3, HpaRules.Reversal),
        new("one very busy pod carries an unready and a missing one", "ResourceMissingMetrics/scale up: unready pod metric missing", 3, 50,
            "100/1000u 2000/1000 -/1000", 4),
        new("one very busy pod carries a starting and a missing one", "ResourceMissingMetrics/scale up: hot-CPU pod metric missing", 3, 50,
            "100/1000uh 2000/1000 -/1000", 4),
        new("missing counts as full, unready not at all when removing", "ResourceMissingMetrics/scale down: unready pod metric missing",
            4, 50, "100/1000u 100/1000 100/1000 -/1000", 3),
        new("above 100% a missing pod counts as at the target", "ResourceMissingMetrics/scale down: target over 100", 4, 300,
            "200/1000u 100/1000 100/2000 -/2000", 2),
        new("a surplus pod without a value does not add", "ResourceMissingMetrics/rolling update with maxSurge: extra pod missing metric",
            2, 50, "100/1000 100/1000 -/1000", 2, HpaRules.Reversal),
        new("values of strangers only are no values", "ResourceMissingMetrics/disjoint pod and metric names", 1, 100,
            "-/1000", null, HpaRules.NoReadyPod),
        new("no value at all fails", "ResourceMissingMetrics/no metrics returned from metrics API", 4, 100,
            "-/1000 -/1000 -/1000", null, HpaRules.NoReadyPod),
        new("a pod without request fails", "ResourceMissingMetrics/missing CPU request on container", 1, 100,
            "200/-", null, HpaRules.RequestMissing),
    ];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Utilization_UpstreamCase_GivesUpstreamReplicas(Row row)
    {
        var pods = PodTable.Summarize(SignalNames.Cpu, row.Pods);

        var proposal = ReplicaCalculator.Utilization(pods, row.Current, row.TargetPercent, new HpaTolerances(row.Down, row.Up));

        Assert.Equal(row.Replicas, proposal.Replicas);
        if (row.Rule is not null) Assert.Equal(row.Rule, proposal.Rule);
    }

    [Fact]
    public void Utilization_UnequalMissingRequestsAboveHundredPercent_RoundsDownPodByPod()
    {
        // 15 × 110% = 16.5 → 16 and 25 × 110% = 27.5 → 27, together 43; the sum 40 × 110% would be 44.
        var pods = PodTable.Summarize(SignalNames.Cpu, "0/1 -/15 -/25");

        Assert.Equal([15L, 25L], pods.MissingPodRequestsMilli.AsEnumerable());
        // 43 × 100 ÷ 41 = 104% of 110% stays within tolerance only of 6%; 44 would give 107%.
        var proposal = ReplicaCalculator.Utilization(pods, 3, 110, new HpaTolerances(0.05, 0.05));
        Assert.Equal(3, proposal.Replicas);
        Assert.Null(proposal.Rule);
        var tolerant = ReplicaCalculator.Utilization(pods, 3, 110, new HpaTolerances(0.06, 0.05));
        Assert.Equal(HpaRules.WithinTolerance, tolerant.Rule);
    }

    [Fact]
    public void Summarize_EqualMissingRequests_KeepsNoList()
    {
        var pods = PodTable.Summarize(SignalNames.Cpu, "0/20 -/20 -/20");

        Assert.Equal(2, pods.MissingPods);
        Assert.Equal(40, pods.MissingRequestMilli);
        Assert.Empty(pods.MissingPodRequestsMilli);
    }
}
