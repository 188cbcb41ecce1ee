using ControlPlane.Client;
using ControlPlane.Kubernetes;
using ControlPlane.Silo.Wiring;
using ControlPlane.Simulation.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Silo.Tests.EmbeddedOnly;

/// <summary>The production silo on a free port with a clock of the test's, and the SDK on it.</summary>
internal sealed class TestSilo : IAsyncDisposable
{
    /// <summary>So slow that no step ends while a test runs.</summary>
    private const double Frozen = 1e-3;

    private readonly WebApplication _app;

    private TestSilo(WebApplication app, TimeProvider clock)
    {
        (_app, Clock) = (app, clock);
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First() + "/") };
        Client = new ControlPlaneClient(Http);
    }

    public TimeProvider Clock { get; }

    public HttpClient Http { get; }

    public ControlPlaneClient Client { get; }

    /// <summary>A silo over nothing whose time stands still: for the API alone.</summary>
    public static Task<TestSilo> StartFrozenAsync(string? storagePath = null) =>
        StartAsync(new Uri("http://127.0.0.1:9"), new SimulatedClock(TestCluster.Start.AddSeconds(1), Frozen), storagePath);

    /// <summary>A silo that manages a cluster.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="handler">Carries the requests to it; null: sockets.</param>
    /// <param name="useCache">Whether it watches, as in production, or asks for each reading.</param>
    /// <param name="adviserPath">Its adviser's file; empty for none.</param>
    public static Task<TestSilo> StartAsync(TestCluster cluster, Func<HttpMessageHandler>? handler = null, bool useCache = true, string adviserPath = "") =>
        StartAsync(new Uri(cluster.Host.Url), cluster.Clock, null, handler, useCache, adviserPath);

    public static async Task<TestSilo> StartAsync(
        Uri kubernetes, TimeProvider clock, string? storagePath = null, Func<HttpMessageHandler>? handler = null, bool useCache = true, string adviserPath = "")
    {
        var builder = SiloApp.CreateBuilder(["--Serilog:MinimumLevel:Default=Fatal"]);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(clock);
        KubernetesWiring.Add(builder.Services, new KubernetesOptions
        {
            Cluster = TestCluster.Name,
            Configuration = new ClusterConfiguration { Server = kubernetes },
            Handler = handler,
            TransportTime = TimeProvider.System,
            Collector = new CollectorOptions { UseCache = useCache },
        });
        var app = SiloApp.Build(builder, new SiloOptions
        {
            Cluster = TestCluster.Name,
            Storage = storagePath is null ? SiloStorage.Memory : SiloStorage.File,
            StoragePath = storagePath ?? "unused",
            ResponseTimeout = TimeSpan.FromHours(1),
            AdviserPath = adviserPath,
        });
        await app.StartAsync();
        return new TestSilo(app, clock);
    }

    /// <summary>Registers the cluster's deployment with a policy that acts.</summary>
    public async Task RegisterAsync(string policy = "mode: Auto\nminReplicas: 2\nmaxReplicas: 30\n")
    {
        await Client.PutPolicyAsync(TestCluster.Id, policy);
        await Client.RegisterAsync(new ServiceRegistration { Id = TestCluster.Id, DemandMetric = TestCluster.DemandMetric });
    }

    public Task<ServiceStatus> StatusAsync() => Client.GetAsync(TestCluster.Id);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
