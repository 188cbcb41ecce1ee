using System.Net;
using System.Net.Sockets;
using ControlPlane.Client;
using ControlPlane.Kubernetes;
using ControlPlane.Silo.Wiring;
using ControlPlane.Simulation.Cluster;
using ControlPlane.Simulation.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace ControlPlane.Silo.Tests.Support;

/// <summary>A silo as it is shipped, on the engine of the build, beside a simulated cluster; all on free ports of 127.0.0.1.</summary>
internal sealed class RunningSilo : IAsyncDisposable
{
    public const string ClusterName = "test";

    private readonly WebApplication _app;
    private readonly SimulatedClusterHost _cluster;

    private RunningSilo(WebApplication app, SimulatedClusterHost cluster)
    {
        (_app, _cluster) = (app, cluster);
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        Client = new ControlPlaneClient(Http);
    }

    public HttpClient Http { get; }

    public ControlPlaneClient Client { get; }

    /// <summary>Settings that start on any machine.</summary>
    public static SiloOptions Settings()
    {
        var ports = FreePorts(2);
        return new SiloOptions { Storage = SiloStorage.Memory, Cluster = ClusterName, SiloPort = ports[0], GatewayPort = ports[1] };
    }

    public static async Task<RunningSilo> StartAsync(SimulatedCluster simulated, SiloOptions options)
    {
        var cluster = await SimulatedClusterHost.StartAsync(simulated, clock: TimeProvider.System);
        var builder = SiloApp.CreateBuilder(["--Serilog:MinimumLevel:Default=Fatal"]);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        KubernetesWiring.Add(builder.Services, new KubernetesOptions
        {
            Cluster = ClusterName,
            Configuration = new ClusterConfiguration { Server = new Uri(cluster.Url) },
        });
        var app = SiloApp.Build(builder, options);
        await app.StartAsync();
        return new RunningSilo(app, cluster);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners) listener.Start();
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners) listener.Dispose();
        return ports;
    }
}
