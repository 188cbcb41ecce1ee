using System.Collections.Immutable;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Scaling.Hpa;

namespace ControlPlane.Core.Tests.Scaling.Hpa;

/// <summary>Which pods count. Facts and figures of Kubernetes' TestGroupPods (replica_calculator_test.go).</summary>
public sealed class PodGroupingTests
{
    /// <summary>One pod; ages in seconds before now, null where the pod or the metric does not tell.</summary>
    public sealed record Row(string Shows, string Upstream, string Metric, int Ready, int Missing, int Unready)
    {
        public PodPhase Phase { get; init; } = PodPhase.Running;

        public bool? IsReady { get; init; }

        public int? StartedAgo { get; init; }

        public int? ChangedAgo { get; init; }

        public bool Deleted { get; init; }

        /// <summary>Age of the value; null: there is none.</summary>
        public int? MeasuredAgo { get; init; }

        public int Window { get; init; } = 60;

        public override string ToString() => $"{Shows} [TestGroupPods/{Upstream}]";
    }

    private const int LongAgo = 1_000_000;

    public static TheoryData<Row> Rows =>
    [
        new("memory needs no readiness", "count in a ready pod - memory", "memory", 1, 0, 0) { MeasuredAgo = 0 },
        new("CPU of a pod without Ready condition is set aside", "unready a pod without ready condition - CPU", "cpu", 0, 0, 1)
            { StartedAgo = 0, MeasuredAgo = LongAgo },
        new("CPU counts early when its window began after readiness", "count in a ready pod with fresh metrics during initialization period - CPU",
            "cpu", 1, 0, 0) { StartedAgo = 60, IsReady = true, ChangedAgo = 30, MeasuredAgo = 0, Window = 30 },
        new("CPU does not count early when its window began before readiness",
            "unready a ready pod without fresh metrics during initialization period - CPU", "cpu", 0, 0, 1)
            { StartedAgo = 60, IsReady = true, ChangedAgo = 30, MeasuredAgo = 0, Window = 60 },
        new("a pod that became unready 6 s after its start has never been ready", "unready an unready pod during initialization period - CPU",
            "cpu", 0, 0, 1) { StartedAgo = 600, IsReady = false, ChangedAgo = 594, MeasuredAgo = LongAgo },
        new("old CPU counts once the pod has started up", "count in a ready pod without fresh metrics after initialization period - CPU",
            "cpu", 1, 0, 0) { StartedAgo = 180, IsReady = true, ChangedAgo = 180, MeasuredAgo = 120 },
        new("a pod that was ready once counts", "count in an unready pod that was ready after initialization period - CPU", "cpu", 1, 0, 0)
            { StartedAgo = 600, IsReady = false, ChangedAgo = 540, MeasuredAgo = LongAgo },
        new("10 s after the start is no longer too soon", "unready pod that has never been ready after initialization period - CPU",
            "cpu", 1, 0, 0) { StartedAgo = 600, IsReady = false, ChangedAgo = 590, MeasuredAgo = LongAgo },
        new("at the very end of the period the window no longer matters", "after initialization period, its boundary", "cpu", 1, 0, 0)
            { StartedAgo = 120, IsReady = true, ChangedAgo = 30, MeasuredAgo = 0 },
        new("a pod without value is missing", "a missing pod", "cpu", 0, 1, 0) { StartedAgo = 180 },
        new("a pending pod is unready, value or not", "pending pods are unreadied", "cpu", 0, 0, 1) { Phase = PodPhase.Pending },
        new("a pod being deleted is left out", "ignore pods with deletion timestamps", "cpu", 0, 0, 0)
            { Phase = PodPhase.Pending, Deleted = true, MeasuredAgo = LongAgo },
        new("a failed pod is left out", "ignore pods in a failed state", "cpu", 0, 0, 0) { Phase = PodPhase.Failed, MeasuredAgo = LongAgo },
        new("a succeeded pod is left out", "ignore pods in a succeeded state", "cpu", 0, 0, 0)
            { Phase = PodPhase.Succeeded, MeasuredAgo = LongAgo },
    ];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Summarize_UpstreamPod_GroupsAsUpstream(Row row)
    {
        MetricSample[] values = row.MeasuredAgo is { } age ? [Value("pod", row.Metric, Ago(age))] : [];

        var summary = Summarize(row.Metric, [Pod(row, "pod")], values, TimeSpan.FromSeconds(row.Window));

        Assert.Equal((row.Ready, row.Missing, row.Unready), (summary.ReadyPods, summary.MissingPods, summary.UnreadyPods));
    }

    [Fact]
    public void Summarize_NoPods_IsEmpty()
    {
        var summary = Summarize("cpu", [], []);

        Assert.Equal((0, 0, 0, 0L), (summary.ReadyPods, summary.MissingPods, summary.UnreadyPods, summary.UsageMilli));
    }

    /// <summary>TestGroupPods/several pods: one of each group, with their requests.</summary>
    [Fact]
    public void Summarize_SeveralPods_AddsUpEveryGroup()
    {
        var starting = Pod(new Row("", "", "cpu", 0, 0, 1) { StartedAgo = 0 }, "starting") with { CpuRequestMillicores = 100 };
        var serving = Pod(new Row("", "", "cpu", 1, 0, 0) { StartedAgo = 180, IsReady = true, ChangedAgo = 180 }, "serving")
            with
        { CpuRequestMillicores = 200 };
        var silent = Pod(new Row("", "", "cpu", 0, 1, 0) { StartedAgo = 180 }, "silent") with { CpuRequestMillicores = 400 };

        // Values in another order than the pods, one of them of a pod that is not ours.
        var summary = Summarize("cpu", [starting, serving, silent],
            [Value("stranger"), Value("serving", "memory"), Value("serving"), Value("starting")]);

        Assert.Equal(new { Ready = 1, Usage = 1L, Request = (long?)200 },
            new { Ready = summary.ReadyPods, Usage = summary.UsageMilli, Request = summary.RequestMilli });
        Assert.Equal((1, 400L), (summary.MissingPods, summary.MissingRequestMilli));
        Assert.Equal((1, 100L), (summary.UnreadyPods, summary.UnreadyRequestMilli));
    }

    [Fact]
    public void Summarize_AnyPodWithoutRequest_LeavesRequestsUnknown()
    {
        var serving = Pod(new Row("", "", "cpu", 1, 0, 0) { StartedAgo = 180, IsReady = true, ChangedAgo = 180 }, "serving")
            with
        { CpuRequestMillicores = 200 };
        var ended = Pod(new Row("", "", "cpu", 0, 0, 0) { Phase = PodPhase.Failed }, "ended");

        Assert.Null(Summarize("cpu", [serving, ended], [Value("serving")]).RequestMilli);
    }

    [Fact]
    public void Summarize_Memory_CountsThousandthsOfBytes()
    {
        var pod = Pod(new Row("", "", "memory", 1, 0, 0), "pod") with { MemoryRequestBytes = 1024 };

        var summary = Summarize("memory", [pod], [Value("pod", "memory") with { Value = 512 }]);

        Assert.Equal((512_000L, (long?)1_024_000), (summary.UsageMilli, summary.RequestMilli));
    }

    [Theory]
    [InlineData(8.2, 8_200)]
    [InlineData(1.1, 1_100)]
    [InlineData(0.0001, 1)]
    [InlineData(64.1, 64_100)]
    [InlineData(2e9, 2_000_000_000_000)]
    public void Summarize_FractionOfAThousandth_RoundsUpWithoutBinaryNoise(double value, long milli) =>
        Assert.Equal(milli, Summarize("memory", [Running], [Value("pod", "memory") with { Value = value }]).UsageMilli);

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e300)]
    public void Summarize_ValueThatIsNone_CountsThePodAsMissing(double value)
    {
        var summary = Summarize("memory", [Running], [Value("pod", "memory") with { Value = value }]);

        Assert.Equal((0, 1), (summary.ReadyPods, summary.MissingPods));
    }

    private static PodMetricSummary Summarize(string metric, ImmutableArray<PodStatus> pods, MetricSample[] values, TimeSpan? window = null) =>
        PodGrouping.Summarize(metric, pods, values, PodTable.Now, PodTable.Initialization, PodTable.ReadinessDelay, window);

    private static PodStatus Running => Pod(new Row("", "", "memory", 1, 0, 0), "pod");

    private static PodStatus Pod(Row row, string name) => new()
    {
        Name = name,
        Phase = row.Phase,
        IsReady = row.IsReady,
        StartedAt = row.StartedAgo is { } started ? Ago(started) : null,
        ReadyChangedAt = row.ChangedAgo is { } changed ? Ago(changed) : null,
        IsTerminating = row.Deleted,
    };

    private static MetricSample Value(string pod, string metric = "cpu", DateTimeOffset? time = null) =>
        new() { Signal = metric, Timestamp = time ?? PodTable.Now, Value = 0.001, Pod = pod };

    private static DateTimeOffset Ago(int seconds) => PodTable.Now - TimeSpan.FromSeconds(seconds);
}
