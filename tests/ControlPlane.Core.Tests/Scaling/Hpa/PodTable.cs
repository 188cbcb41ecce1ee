using System.Collections.Immutable;
using System.Globalization;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Scaling.Hpa;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Core.Tests.Scaling.Hpa;

/// <summary>
/// Pods written as words: <c>usage/request</c> in thousandths (<c>-</c>: unknown) and letters for what is special about the pod:
/// u unready and never ready, h started just now, p pending, f failed, s succeeded, d being deleted.
/// </summary>
internal static class PodTable
{
    public static readonly DateTimeOffset Now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The initialisation period and the readiness delay under which Kubernetes' own tests run.</summary>
    public static readonly TimeSpan Initialization = TimeSpan.FromMinutes(2);

    public static readonly TimeSpan ReadinessDelay = TimeSpan.FromSeconds(10);

    public static PodMetricSummary Summarize(string metric, string table) =>
        PodGrouping.Summarize(metric, Pods(table), Values(metric, table), Now, Initialization, ReadinessDelay);

    public static int ReadyPods(string table) =>
        Pods(table).Count(pod => pod is { Phase: PodPhase.Running, IsReady: true });

    public static Observation Observe(int? current, double? demand = null, int? ready = null, params PodMetricSummary[] metrics) => new()
    {
        Workload = WorkloadId.Parse("test/shop/deployment/web"),
        Time = Now,
        Step = TimeSpan.FromSeconds(15),
        CurrentReplicas = current,
        ReadyReplicas = ready,
        Demand = demand,
        PodMetrics = [.. metrics],
    };

    private static ImmutableArray<PodStatus> Pods(string table) => [.. Words(table).Select(Pod)];

    private static PodStatus Pod(string word, int index)
    {
        var flags = Flags(word);
        var started = flags.Contains('h') ? Now : Now - TimeSpan.FromHours(1);
        return new PodStatus
        {
            Name = $"pod-{index}",
            Phase = flags.Contains('p') ? PodPhase.Pending
                : flags.Contains('f') ? PodPhase.Failed
                : flags.Contains('s') ? PodPhase.Succeeded
                : PodPhase.Running,
            IsReady = !flags.AsSpan().ContainsAny("upfsd"),
            StartedAt = started,
            ReadyChangedAt = started,
            CpuRequestMillicores = Number(word.Split('/')[1].TrimEnd(Letters)),
            IsTerminating = flags.Contains('d'),
        };
    }

    private static MetricSample[] Values(string metric, string table) =>
    [
        .. Words(table)
            .Select((word, index) => (Usage: Number(word.Split('/')[0]), index))
            .Where(pod => pod.Usage.HasValue)
            .Select(pod => new MetricSample { Signal = metric, Timestamp = Now, Value = pod.Usage!.Value / 1000.0, Pod = $"pod-{pod.index}" }),
    ];

    private static readonly char[] Letters = ['u', 'h', 'p', 'f', 's', 'd'];

    private static string[] Words(string table) => table.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string Flags(string word) => new([.. word.Where(char.IsAsciiLetterLower)]);

    private static long? Number(string text) => text == "-" ? null : long.Parse(text, CultureInfo.InvariantCulture);
}
