using ControlPlane.Core.Workloads;
using ControlPlane.Kubernetes.Api;
using ControlPlane.Kubernetes.Tests.Support;

namespace ControlPlane.Kubernetes.Tests.Collection;

public sealed class WorkloadCacheTests
{
    private static readonly WorkloadSpec Spec = new() { Id = WorkloadId.Parse("test/shop/deployment/web"), DemandMetric = "rps" };
    private static readonly CollectorOptions Options = new() { UseCache = true, WorkloadMetrics = [] };
    private readonly ManualTimeProvider _time = new();
    private readonly FakeMetricsApi _api = new();

    [Fact]
    public async Task Collect_ThroughTheCache_EqualsDirectReads()
    {
        var handler = new ScriptedHandler(_api.Answer);
        var clients = new OneCluster(new KubernetesClient(handler, ScriptedHandler.Server, _time));
        var direct = await new KubernetesCollector(clients, Options, _time).CollectAsync(Spec, default);
        await using var cache = new WorkloadCache(Options, _time, () => 0.5);
        var cached = await new KubernetesCollector(clients, Options, cache, _time).CollectAsync(Spec, default);
        Assert.Empty(cached.Problems);
        Assert.Equal(direct.CurrentReplicas, cached.CurrentReplicas);
        Assert.Equal(direct.Pods!.Value.AsEnumerable(), cached.Pods!.Value.AsEnumerable());
        Assert.Equal(direct.Samples.AsEnumerable(), cached.Samples.AsEnumerable());
    }

    [Fact]
    public async Task Collect_ManyWorkloadsInOneStep_ShareTheReads()
    {
        var handler = new ScriptedHandler(_api.Answer);
        var clients = new OneCluster(new KubernetesClient(handler, ScriptedHandler.Server, _time));
        await using var cache = new WorkloadCache(Options, _time, () => 0.5);
        var collector = new KubernetesCollector(clients, Options, cache, _time);
        for (var i = 0; i < 50; i++) await collector.CollectAsync(Spec, default);
        Assert.Equal(6, handler.Requests.Count); // List and watch of Deployments and of pods, one list of usage, one of the metric.
        _time.Advance(TimeSpan.FromSeconds(6));
        await collector.CollectAsync(Spec, default);
        Assert.Equal(8, handler.Requests.Count);
    }

    [Fact]
    public async Task Collect_WorkloadNotThere_IsAProblem()
    {
        var clients = new OneCluster(new KubernetesClient(new ScriptedHandler(_api.Answer), ScriptedHandler.Server, _time));
        await using var cache = new WorkloadCache(Options, _time, () => 0.5);
        var spec = new WorkloadSpec { Id = WorkloadId.Parse("test/shop/deployment/gone") };
        var reading = await new KubernetesCollector(clients, Options, cache, _time).CollectAsync(spec, default);
        Assert.Contains("there is no deployment gone in namespace shop", Assert.Single(reading.Problems));
    }

    [Fact]
    public void Select_AfterChanges_GivesTheMatchingPodsByName()
    {
        var mirror = new PodMirror(_time);
        mirror.Replace([MakePod("b", "web"), MakePod("a", "web"), MakePod("c", "api")]);
        Assert.Equal(["a", "b"], Names("app=web"));
        mirror.Apply(WatchEventTypes.Added, MakePod("aa", "web"));
        mirror.Apply(WatchEventTypes.Modified, MakePod("b", "api"));
        mirror.Apply(WatchEventTypes.Deleted, MakePod("a", "web"));
        Assert.Equal(["aa"], Names("app=web"));
        Assert.Equal(["b", "c"], Names("app in (api)"));
        Assert.Equal(["aa", "b", "c"], Names("app"));

        IEnumerable<string> Names(string selector) => mirror.Select(LabelMatcher.Parse(selector)).Select(p => p.Name);
    }

    [Fact]
    public async Task Ensure_WatchBrokenForTooLong_StopsGivingOldAnswers()
    {
        var mirror = new PodMirror(_time);
        mirror.Touch();
        mirror.Fail(new KubernetesException(KubernetesFailure.Unreachable, "connection refused"));
        _time.Advance(TimeSpan.FromSeconds(59));
        await mirror.EnsureAsync(Options, default);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("connection refused", (await Assert.ThrowsAsync<KubernetesException>(() => mirror.EnsureAsync(Options, default))).Message);
        mirror.Touch();
        await mirror.EnsureAsync(Options, default);
    }

    [Fact]
    public void Ensure_NoFirstList_FailsWithTheReason()
    {
        var mirror = new PodMirror(_time);
        mirror.Fail(new KubernetesException(KubernetesFailure.Forbidden, "forbidden: cannot list pods"));
        // The list's completion hops to the pool, its time-out does not.
        Assert.Equal("forbidden: cannot list pods", Assert.Throws<KubernetesException>(() => _time.Run(() => mirror.EnsureAsync(Options, default))).Message);
    }

    private static Pod MakePod(string name, string app) =>
        new() { Metadata = new ObjectMeta(Name: name, Labels: new Dictionary<string, string> { ["app"] = app }), Status = new PodStatus("Running") };
}
