using ControlPlane.Core.Metrics;
using ControlPlane.Core.Workloads;
using ControlPlane.Kubernetes.Tests.Support;

namespace ControlPlane.Kubernetes.Tests.Collection;

public sealed class KubernetesCollectorTests
{
    private static readonly WorkloadSpec Spec = new() { Id = WorkloadId.Parse("test/shop/deployment/web"), DemandMetric = "rps" };
    private readonly ManualTimeProvider _time = new();
    private readonly FakeMetricsApi _api = new();
    private readonly ScriptedHandler _handler;

    public KubernetesCollectorTests() => _handler = new ScriptedHandler(_api.Answer);

    [Fact]
    public void Collect_AllWell_ReadsEverything()
    {
        var reading = Collect();
        Assert.Empty(reading.Problems);
        Assert.Equal((2, _time.Now), (reading.CurrentReplicas, reading.Time));
        Assert.Equal(["web-1", "web-2"], reading.Pods!.Value.Select(p => p.Name));
        var (first, second) = (reading.Pods.Value[0], reading.Pods.Value[1]);
        Assert.Equal((PodPhase.Running, false, null), (first.Phase, first.IsReady, first.CpuRequestMillicores));
        Assert.Equal((true, 260, null), (second.IsReady, second.CpuRequestMillicores, second.MemoryRequestBytes));
        Assert.Equal(FakeMetricsApi.MeasuredAt, second.ReadyChangedAt);
        Assert.Equal(1240.5, Value(reading, SignalNames.Demand, null));
        Assert.Equal(0.25, Value(reading, SignalNames.LatencyP95, null));
        Assert.Equal(0.2, Value(reading, SignalNames.Cpu, "web-2"));
        Assert.Equal(128 << 20, Value(reading, SignalNames.Memory, "web-2"));
        Assert.Null(Value(reading, SignalNames.Memory, "web-1"));
        Assert.DoesNotContain(reading.Samples, s => s.Signal is SignalNames.ErrorRatio || s.Pod == "other-1");
        Assert.All(reading.Samples, s => Assert.Equal(FakeMetricsApi.MeasuredAt, s.Timestamp));
    }

    [Theory]
    [InlineData("/scale", "replicas: ", true, true, true)]
    [InlineData("/api/v1/namespaces/shop/pods", "pods: ", false, true, false)]
    [InlineData("/metrics.k8s.io/", "pod metrics: ", false, false, true)]
    [InlineData("/rps", "demand: ", false, false, false)]
    [InlineData("/latency_p95", "latency_p95: ", false, false, false)]
    public void Collect_OneEndpointFails_KeepsTheRest(string part, string problem, bool losesReplicas, bool losesPods, bool losesCpu)
    {
        foreach (var code in (int[])[0, 403, 429, 500, 503])
        {
            _api.Faults.Clear();
            _api.Faults[part] = code;
            var reading = Collect();
            Assert.StartsWith(problem, Assert.Single(reading.Problems));
            Assert.Equal(losesReplicas, reading.CurrentReplicas is null);
            Assert.Equal(losesPods, reading.Pods is null);
            Assert.Equal(losesCpu, Value(reading, SignalNames.Cpu, "web-2") is null);
            Assert.Equal(part == "/rps", Value(reading, SignalNames.Demand, null) is null);
            Assert.Equal(part == "/latency_p95", Value(reading, SignalNames.LatencyP95, null) is null);
        }
    }

    [Fact]
    public void Collect_EverythingFails_IsAReadingOfProblems()
    {
        _api.Faults[""] = 500;
        var reading = Collect();
        Assert.Null(reading.CurrentReplicas);
        Assert.Null(reading.Pods);
        Assert.Empty(reading.Samples);
        Assert.Contains(reading.Problems, p => p.StartsWith("replicas: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Collect_NoSelector_NeverListsEveryPod(string? selector)
    {
        _api.Selector = selector;
        var reading = Collect();
        Assert.Equal(2, reading.CurrentReplicas);
        Assert.Null(reading.Pods);
        Assert.DoesNotContain(_handler.Requests, r => r.Path.EndsWith("/pods", StringComparison.Ordinal));
        Assert.Contains("select every pod", Assert.Single(reading.Problems));
    }

    [Fact]
    public void Collect_NoDemandMetric_AsksForNoCustomMetric()
    {
        var reading = Collect(Spec with { DemandMetric = null });
        Assert.Empty(reading.Problems);
        Assert.DoesNotContain(_handler.Requests, r => r.Path.Contains("custom.metrics"));
    }

    [Fact]
    public void Collect_MetricNotServed_IsNotAskedForAgainForAMinute()
    {
        var collector = Collector();
        _time.Run(() => collector.CollectAsync(Spec, default));
        _time.Run(() => collector.CollectAsync(Spec, default));
        Assert.Equal(1, _handler.Requests.Count(r => r.Path.EndsWith("/error_ratio", StringComparison.Ordinal)));
        _time.Advance(TimeSpan.FromSeconds(61));
        _time.Run(() => collector.CollectAsync(Spec, default));
        Assert.Equal(2, _handler.Requests.Count(r => r.Path.EndsWith("/error_ratio", StringComparison.Ordinal)));
    }

    [Fact]
    public void Collect_AnswersAtOnce_CompletesAtOnce()
    {
        Assert.True(Collector().CollectAsync(Spec, default).IsCompletedSuccessfully);
        Assert.Equal(Environment.CurrentManagedThreadId, Assert.Single(_handler.Threads));
    }

    [Fact]
    public void Collect_UnknownCluster_IsAProblem() =>
        Assert.Contains("'nowhere'", Assert.Single(Collect(Spec with { Id = WorkloadId.Parse("nowhere/shop/deployment/web") }).Problems));

    [Fact]
    public void Collect_OwnCancellation_IsThrown()
    {
        using var own = new CancellationTokenSource();
        own.Cancel();
        _api.Faults["/scale"] = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => _time.Run(() => Collector().CollectAsync(Spec, own.Token)));
    }

    private KubernetesCollector Collector() => new(new OneCluster(new KubernetesClient(_handler, ScriptedHandler.Server, _time)), null, _time);

    private WorkloadReading Collect(WorkloadSpec? spec = null) => _time.Run(() => Collector().CollectAsync(spec ?? Spec, default));

    private static double? Value(WorkloadReading reading, string signal, string? pod) => reading.Samples.FirstOrDefault(s => s.Signal == signal && s.Pod == pod)?.Value;
}
