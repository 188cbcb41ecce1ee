using System.Net;
using System.Net.Sockets;
using ControlPlane.GrainInterfaces;
using ControlPlane.Silo.Health;
using ControlPlane.Silo.State;
using ControlPlane.Silo.Wiring.AddOns;
using Npgsql;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Storage;
using Orleans.Streams;
using StateSerializer = ControlPlane.Embedded.Storage.JsonGrainStorageSerializer;

namespace ControlPlane.Silo.Wiring;

/// <summary>Microsoft Orleans behind the grains: many silos, which find each other through PostgreSQL.</summary>
internal static class OrleansWiring
{
    /// <summary>Name of the storage under the retrying one.</summary>
    private const string PostgreSqlStorage = "postgresql";

    /// <summary>Unanswered probes after which a silo suspects another.</summary>
    private const int MissedProbes = 3;

    public static SiloStorage DefaultStorage => SiloStorage.AdoNet;

    public static TimeSpan DefaultResponseTimeout => TimeSpan.FromSeconds(5);

    public static IEnumerable<string> Faults(SiloOptions options)
    {
        if (options.Storage == SiloStorage.File)
            yield return $"{SiloOptions.Section}:Storage File belongs to one process: a cluster keeps its state in AdoNet (or Memory, for a try)";
        if (options.Clustering == SiloClustering.AdoNet && options.Storage == SiloStorage.Memory)
            yield return $"{SiloOptions.Section}:Storage Memory dies with the silo that holds it: clustering AdoNet goes with storage AdoNet";
        if (options.UsesAdoNet && PostgreSql.Fault(options.ConnectionString) is { } fault) yield return $"{SiloOptions.Section}:ConnectionString {fault}";
        foreach (var tls in SiloTls.Faults(options.Tls)) yield return $"{SiloOptions.Section}:Tls:{tls}";
    }

    /// <summary>What the machine and the database lack, one line each.</summary>
    public static async Task<IReadOnlyList<string>> FaultsOutsideAsync(SiloOptions options, CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        var listen = ListenAddress(options);
        if (Ports.Fault(listen, options.SiloPort) is { } silo) faults.Add($"{SiloOptions.Section}:SiloPort {options.SiloPort} {silo}");
        if (options.GatewayPort > 0 && Ports.Fault(listen, options.GatewayPort) is { } gateway) faults.Add($"{SiloOptions.Section}:GatewayPort {options.GatewayPort} {gateway}");
        if (options.UsesAdoNet && await PostgreSql.FaultOutsideAsync(options, cancellationToken) is { } database) faults.Add($"{SiloOptions.Section}:ConnectionString: {database}");
        return faults;
    }

    public static void Add(WebApplicationBuilder builder, SiloOptions options) => builder.UseOrleans(silo =>
    {
        silo.Services.AddHostedService<MembershipAlarm>();
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ServiceId));
        silo.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = options.ResponseTimeout);
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = options.ProbeTimeout;
            membership.NumMissedProbesLimit = MissedProbes;
        });
        AddClustering(silo, options);
        AddStorage(silo, options);
        AddStreams(silo, options);
        if (options.Tls.IsOn) SiloTls.Use(silo, options.Tls);
        if (options.KubernetesHosting) KubernetesHostingAddOn.Add(silo);
        if (options.AdminToken.Length > 0) DashboardWiring.Add(silo);
        if (options.UsesAdoNet) AddDatabaseProbe(silo, options);
    });

    public static void Map(WebApplication app, SiloOptions options)
    {
        if (options.AdminToken.Length > 0) DashboardWiring.Map(app);
    }

    private static void AddClustering(ISiloBuilder silo, SiloOptions options)
    {
        if (options.Clustering == SiloClustering.Localhost)
        {
            silo.UseLocalhostClustering(options.SiloPort, options.GatewayPort, serviceId: options.ServiceId, clusterId: options.ClusterId);
            silo.UseInMemoryReminderService();
            return;
        }

        var address = Address(options);
        silo.ConfigureEndpoints(address, options.SiloPort, options.GatewayPort, listenOnAnyHostAddress: !IPAddress.IsLoopback(address));
        var connection = PostgreSql.Complete(options.ConnectionString);
        silo.UseAdoNetClustering(table => (table.Invariant, table.ConnectionString) = (PostgreSql.Invariant, connection));
        silo.UseAdoNetReminderService(table => (table.Invariant, table.ConnectionString) = (PostgreSql.Invariant, connection));
    }

    private static void AddStorage(ISiloBuilder silo, SiloOptions options)
    {
        var serializer = new RawStateSerializer(new StateSerializer());
        if (options.Storage == SiloStorage.Memory)
        {
            silo.AddMemoryGrainStorage(StorageNames.Grains, storage => storage.GrainStorageSerializer = serializer);
            silo.Services.AddSingleton<IStateStore, NoStateStore>();
            return;
        }

        silo.AddAdoNetGrainStorage(PostgreSqlStorage, storage =>
        {
            (storage.Invariant, storage.ConnectionString) = (PostgreSql.Invariant, PostgreSql.Complete(options.ConnectionString));
            storage.GrainStorageSerializer = serializer;
        });
        silo.Services.AddKeyedSingleton<IGrainStorage>(StorageNames.Grains, (services, _) => new RetryingStorage(
            services.GetRequiredKeyedService<IGrainStorage>(PostgreSqlStorage),
            serializer,
            services.GetRequiredService<StoreHealth>(),
            services.GetRequiredService<TimeProvider>()));
        silo.Services.AddSingleton<IStateStore, AdoNetStateStore>();
    }

    /// <summary>Pub-sub by grain type alone: no subscription is ever stored, and an event costs no look-up.</summary>
    private static void AddStreams(ISiloBuilder silo, SiloOptions options)
    {
        switch (options.Streams)
        {
            case SiloStreams.AdoNet:
                silo.AddAdoNetStreams(StreamNames.Provider, streams =>
                {
                    streams.ConfigureAdoNet(queues => queues.Configure(table =>
                        (table.Invariant, table.ConnectionString) = (PostgreSql.Invariant, PostgreSql.Complete(options.ConnectionString))));
                    streams.ConfigurePartitioning(options.StreamQueues);
                    streams.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly);
                    StreamPauses.Use(streams, StreamNames.Provider);
                });
                break;
            case SiloStreams.EventHubs:
                EventHubsAddOn.Add(silo, options.EventHubs);
                break;
            default:
                silo.AddMemoryStreams(StreamNames.Provider, streams =>
                {
                    streams.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly);
                    StreamPauses.Use(streams, StreamNames.Provider);
                });
                break;
        }
    }

    private static void AddDatabaseProbe(ISiloBuilder silo, SiloOptions options)
    {
        silo.Services.AddSingleton(_ => NpgsqlDataSource.Create(PostgreSql.Complete(options.ConnectionString)));
        silo.Services.AddHostedService<DatabaseProbe>();
    }

    private static IPAddress ListenAddress(SiloOptions options) =>
        options.Clustering == SiloClustering.Localhost || IPAddress.IsLoopback(Address(options)) ? IPAddress.Loopback : IPAddress.Any;

    /// <summary>The address that other silos reach this one at.</summary>
    private static IPAddress Address(SiloOptions options) =>
        options.AdvertisedAddress.Length > 0
            ? IPAddress.Parse(options.AdvertisedAddress)
            : Dns.GetHostAddresses(Dns.GetHostName(), AddressFamily.InterNetwork).FirstOrDefault() ?? IPAddress.Loopback;
}
