using System.Collections.Concurrent;
using ControlPlane.Client;
using ControlPlane.Simulation.Cluster;
using ControlPlane.Simulation.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace ControlPlane.Cluster.Tests.Processes;

/// <summary>Three silo processes on PostgreSQL that manage a simulated cluster under replayed traffic; every service is registered and may act.</summary>
public sealed class Fleet : IAsyncLifetime
{
    private const int AtOnce = 8;
    private const int Size = 3;

    private readonly string _folder = Directory.CreateTempSubdirectory("controlplane-cluster-").FullName;
    private readonly List<SiloProcess> _silos = [];
    private SimulatedClusterHost? _kubernetes;
    private int _started;

    internal PostgresServer Database { get; private set; } = null!;

    internal SimulatedCluster Cluster { get; private set; } = null!;

    /// <summary>The silos that run.</summary>
    internal IReadOnlyList<SiloProcess> Silos => [.. _silos.Where(silo => !silo.HasExited)];

    public async Task InitializeAsync()
    {
        if (PostgresTools.Missing is not null) return;
        Database = await PostgresServer.StartAsync(_folder);
        Cluster = FleetTraffic.Create(TimeProvider.System.GetUtcNow());
        _kubernetes = await SimulatedClusterHost.StartAsync(Cluster, clock: TimeProvider.System);
        Kubeconfig.Write(Path.Combine(_folder, "kubeconfig"), _kubernetes.Url, FleetTraffic.Cluster);
        await CompleteAsync();
        await Silos[0].Client.PutPolicyAsync(FleetTraffic.Cluster, FleetTraffic.Policy);
        await ForEachAsync(FleetTraffic.Names, name => Silos[0].Client.RegisterAsync(new ServiceRegistration { Id = FleetTraffic.Id(name), DemandMetric = "requests_per_second" }));
        await EveryServiceDecidesAfterAsync(TimeProvider.System.GetUtcNow());
    }

    /// <summary>Starts what is missing of the three silos and waits until all of them see each other.</summary>
    internal async Task CompleteAsync()
    {
        while (Silos.Count < Size) StartSilo();
        foreach (var silo in Silos) await silo.ReadyAsync();
        await Eventually.HoldsAsync(async () => (await ActivationsAsync()).Count, silos => silos == Size, "all silos are in the cluster");
    }

    internal SiloProcess StartSilo()
    {
        var silo = SiloProcess.Start($"silo-{++_started}", Database.ConnectionString, Path.Combine(_folder, "kubeconfig"), _folder);
        _silos.Add(silo);
        return silo;
    }

    /// <summary>The silo that holds most activations of our grains.</summary>
    internal async Task<SiloProcess> BusiestAsync()
    {
        var port = (await ActivationsAsync()).MaxBy(silo => silo.Value).Key;
        return Silos.Single(silo => silo.SiloPort == port);
    }

    /// <summary>Waits until every service has made a decision about a step that ended after a moment.</summary>
    /// <param name="moment">The step must have ended after it.</param>
    /// <param name="except">A silo that is not asked.</param>
    internal async Task<Recovery> EveryServiceDecidesAfterAsync(DateTimeOffset moment, SiloProcess? except = null)
    {
        var start = TimeProvider.System.GetTimestamp();
        var times = new ConcurrentDictionary<string, TimeSpan>();
        var silent = new ConcurrentDictionary<string, string>();
        await Eventually.HoldsAsync(
            async () =>
            {
                await ForEachAsync([.. FleetTraffic.Names.Where(name => !times.ContainsKey(name))], async name =>
                {
                    var (newest, refusal) = await NewestDecisionAsync(name, except);
                    silent[name] = refusal ?? $"its newest decision is of {newest:HH:mm:ss}";
                    if (newest > moment) times[name] = TimeProvider.System.GetElapsedTime(start);
                });
                return string.Join("; ", FleetTraffic.Names.Where(name => !times.ContainsKey(name)).Select(name => $"{name} ({silent[name]})"));
            },
            late => late.Length == 0,
            "every service decides again");
        return new Recovery(times);
    }

    internal static Task ForEachAsync(IReadOnlyCollection<string> names, Func<string, Task> action) =>
        Parallel.ForEachAsync(names, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (name, _) => await action(name));

    public async Task DisposeAsync()
    {
        foreach (var silo in _silos) await silo.DisposeAsync();
        if (_kubernetes is not null) await _kubernetes.DisposeAsync();
        if (Database is not null) await Database.DisposeAsync();
        if (PostgresTools.KeepsLogs) return;
        await ChildProcess.RunAsync(Path.Combine(Path.GetTempPath(), "controlplane-cluster-cleanup.log"), "rm", "-rf", _folder);
    }

    /// <summary>Time of the newest decision; null when there is none or the silo that was asked cannot say, and why. Asking wakes no service: it is the decision grain that answers.</summary>
    private async Task<(DateTimeOffset? Time, string? Refusal)> NewestDecisionAsync(string name, SiloProcess? except)
    {
        try
        {
            SiloProcess[] silos = [.. Silos.Where(silo => silo != except)];
            var silo = silos[(int)((uint)string.GetHashCode(name, StringComparison.Ordinal) % silos.Length)];
            return ((await silo.Client.GetDecisionsAsync(FleetTraffic.Id(name), 1)).FirstOrDefault()?.Time, null);
        }
        catch (Exception e) when (e is ControlPlaneException or OperationCanceledException)
        {
            return (null, e.Message);
        }
    }

    /// <summary>Activations by the port of the silo that holds them.</summary>
    private async Task<Dictionary<int, int>> ActivationsAsync()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleansClient(client => client
            .UseAdoNetClustering(table => (table.Invariant, table.ConnectionString) = ("Npgsql", Database.ConnectionString))
            .Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = ("controlplane", "controlplane")));
        using var host = builder.Build();
        await host.StartAsync();
        var statistics = await host.Services.GetRequiredService<IClusterClient>().GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics();
        await host.StopAsync();
        return statistics.GroupBy(s => s.SiloAddress.Endpoint.Port).ToDictionary(silo => silo.Key, silo => silo.Where(s => s.GrainType.Contains("ControlPlane", StringComparison.Ordinal)).Sum(s => s.ActivationCount));
    }
}

[CollectionDefinition(Name)]
public sealed class FleetCollection : ICollectionFixture<Fleet>
{
    public const string Name = "fleet";
}
