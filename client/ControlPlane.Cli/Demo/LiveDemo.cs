using ControlPlane.Client;
using ControlPlane.Core;
using ControlPlane.Kubernetes;
using ControlPlane.Silo;
using ControlPlane.Silo.Wiring;
using ControlPlane.Simulation.Cluster;
using ControlPlane.Simulation.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Cli.Demo;

/// <summary>The demo in accelerated time: everything over HTTP, as in production.</summary>
internal sealed class LiveDemo(IReadOnlyList<DemoService> services, TimeSpan duration, double speed, ulong seed, int port)
{
    /// <summary>Real time between start and the first simulated second, in which silo and cluster come up and services register.</summary>
    private static readonly TimeSpan Countdown = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RefreshEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(30);

    private readonly SimulatedClock _clock = new(DemoScenario.Start - Countdown * speed, speed);

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var cluster = new SimulatedCluster(DemoService.Cluster, DemoScenario.Start, seed);
        foreach (var service in services) cluster.AddService(DemoService.Namespace, service.Name, service.Profile, service.Load);
        await using var host = await StartCluster(cluster, cancellationToken);
        await using var silo = BuildSilo(host.Url);
        await silo.StartAsync(cancellationToken);

        using var http = new HttpClient { BaseAddress = new Uri(silo.Urls.First() + "/") };
        var client = new ControlPlaneClient(http);
        var screen = new DemoScreen(services, speed, host.Url, silo.Urls.First());
        screen.Introduce();
        await Register(client, cancellationToken);
        await Watch(screen, client, cancellationToken);
        await silo.StopAsync(CancellationToken.None);

        var isInterrupted = cancellationToken.IsCancellationRequested;
        cluster.AdvanceTo(isInterrupted ? _clock.GetUtcNow() : DemoScenario.Start + duration);
        screen.Conclude(DemoResults.Compare(services, cluster, seed), isInterrupted);
        return isInterrupted ? CommandRunner.Interrupted : 0;
    }

    private async Task<SimulatedClusterHost> StartCluster(SimulatedCluster cluster, CancellationToken cancellationToken)
    {
        try
        {
            return await SimulatedClusterHost.StartAsync(cluster, port, _clock, cancellationToken);
        }
        catch (IOException)
        {
            throw new CommandException($"--port: 127.0.0.1:{port} is taken; give another, or 0 for a free one");
        }
    }

    /// <summary>The production silo with the simulated clock; time-outs are real time, so they grow with the speed.</summary>
    private WebApplication BuildSilo(string clusterUrl)
    {
        var builder = SiloApp.CreateBuilder(["--Serilog:MinimumLevel:Default=Fatal"]);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(_clock);
        KubernetesWiring.Add(builder.Services, new KubernetesOptions
        {
            Cluster = DemoService.Cluster,
            Configuration = new ClusterConfiguration { Server = new Uri(clusterUrl) },
            TransportTime = TimeProvider.System,
        });
        return SiloApp.Build(builder, new SiloOptions { Storage = SiloStorage.Memory, Cluster = DemoService.Cluster, ResponseTimeout = Min(CallTimeout * speed, TimeSpan.FromDays(1)) });
    }

    private async Task Register(ControlPlaneClient client, CancellationToken cancellationToken)
    {
        foreach (var service in services)
        {
            await client.PutPolicyAsync(service.Id.ToString(), System.Text.Json.JsonSerializer.Serialize(DemoPolicyText.Of(service.Policy), CoreJson.Options), cancellationToken);
            await client.RegisterAsync(new ServiceRegistration { Id = service.Id.ToString(), DemandMetric = VirtualTwin.DemandMetric }, cancellationToken);
        }
    }

    private async Task Watch(DemoScreen screen, ControlPlaneClient client, CancellationToken cancellationToken)
    {
        try
        {
            await screen.Live(async () =>
            {
                var now = _clock.GetUtcNow();
                if (now >= DemoScenario.Start + duration || cancellationToken.IsCancellationRequested) return null;
                await Task.Delay(RefreshEvery, cancellationToken);
                return new DemoFrame(now, await Task.WhenAll(services.Select(s => client.GetAsync(s.Id.ToString(), cancellationToken))));
            });
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}

/// <summary>What the screen shows at one moment.</summary>
internal sealed record DemoFrame(DateTimeOffset Time, IReadOnlyList<ServiceStatus> Services);
