using ControlPlane.Core.Workloads;
using ControlPlane.Kubernetes.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Kubernetes.Tests;

public sealed class KubernetesServicesTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AddKubernetes_WithAHandler_CollectsThroughIt(bool useCache)
    {
        var options = new KubernetesOptions
        {
            Cluster = "test",
            Configuration = new ClusterConfiguration { Server = ScriptedHandler.Server },
            Handler = () => new ScriptedHandler(_ => ScriptedHandler.Fault(403)),
            Collector = new CollectorOptions { UseCache = useCache },
        };
        await using var provider = new ServiceCollection().AddSingleton<TimeProvider>(new ManualTimeProvider()).AddKubernetes(options).BuildServiceProvider();
        Assert.IsType<ScaleActuator>(provider.GetRequiredService<IScaleActuator>());
        if (useCache) return;
        var reading = await provider.GetRequiredService<IWorkloadCollector>().CollectAsync(new WorkloadSpec { Id = WorkloadId.Parse("test/shop/deployment/web") }, default);
        Assert.StartsWith("replicas: kube.test:6443: forbidden: cannot get deployments/scale web in namespace shop", Assert.Single(reading.Problems));
    }

    [Fact]
    public void AddKubernetes_UnknownCluster_NamesTheKnown()
    {
        var options = new KubernetesOptions { Cluster = "one", Configuration = new ClusterConfiguration { Server = ScriptedHandler.Server } };
        using var provider = new ServiceCollection().AddKubernetes(options).BuildServiceProvider();
        var e = Assert.Throws<KubernetesException>(() => provider.GetRequiredService<IKubernetesClients>().Get("two"));
        Assert.Equal("there is no cluster 'two' in the configuration (known: one)", e.Message);
    }

    [Fact]
    public void AddKubernetes_WrongOptions_NamesEveryFault()
    {
        var options = new KubernetesOptions
        {
            Cluster = "a/b",
            Client = new KubernetesClientOptions { RequestTimeout = TimeSpan.Zero, WatchTimeout = TimeSpan.Zero, PageSize = 0, MaxAnswerBytes = 1 },
            Collector = new CollectorOptions
            {
                WorkloadMetrics = [""],
                AbsentMetricMaxAge = TimeSpan.FromSeconds(-1),
                SharedReadMaxAge = TimeSpan.FromSeconds(-1),
                CacheMaxStaleness = TimeSpan.Zero,
                CacheStartTimeout = TimeSpan.Zero,
                Backoff = new Backoff { Initial = TimeSpan.Zero },
            },
            Actuator = new ActuatorOptions
            {
                MaxAttempts = 0,
                MaxRefreshes = -1,
                Backoff = new Backoff { Max = TimeSpan.Zero },
                MaxRetryAfter = TimeSpan.FromSeconds(-1),
                AutoscalerMaxAge = TimeSpan.FromSeconds(-1),
                WorkloadBurst = 0,
                WorkloadWritesPerMinute = 0,
                ClusterBurst = 0,
                ClusterWritesPerSecond = double.NaN,
                EventTimeout = TimeSpan.Zero,
                Instance = " ",
            },
        };
        var e = Assert.Throws<ArgumentException>(() => new ServiceCollection().AddKubernetes(options));
        Assert.Equal(1 + 4 + 6 + 11, options.Validate().Count);
        Assert.All(options.Validate(), fault => Assert.Contains(fault, e.Message));
        Assert.Contains("Actuator.WorkloadBurst is 0: it must be at least 1.", e.Message);
    }
}
