using System.Net;
using System.Net.Sockets;
using ControlPlane.GrainInterfaces;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Streams;
using StateSerializer = ControlPlane.Embedded.Storage.JsonGrainStorageSerializer;

namespace ControlPlane.Silo.Wiring;

/// <summary>Microsoft Orleans behind the grains: many silos, which find each other through PostgreSQL.</summary>
internal static class OrleansWiring
{
    private const string PostgreSql = "Npgsql";

    /// <summary>Unanswered probes after which a silo suspects another.</summary>
    private const int MissedProbes = 3;

    public static SiloStorage DefaultStorage => SiloStorage.AdoNet;

    public static IEnumerable<string> Faults(SiloOptions options)
    {
        if (options.Storage == SiloStorage.File)
            yield return $"{SiloOptions.Section}:Storage File belongs to one process: a cluster keeps its state in AdoNet (or Memory, for a try)";
        if (options.Clustering == SiloClustering.AdoNet && options.Storage == SiloStorage.Memory)
            yield return $"{SiloOptions.Section}:Storage Memory dies with the silo that holds it: clustering AdoNet goes with storage AdoNet";
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
        // Pub-sub by grain type alone: no subscription is ever stored, and an event costs no look-up.
        silo.AddMemoryStreams(StreamNames.Provider, streams => streams.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly));
    });

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
        silo.UseAdoNetClustering(table => (table.Invariant, table.ConnectionString) = (PostgreSql, options.ConnectionString));
        silo.UseAdoNetReminderService(table => (table.Invariant, table.ConnectionString) = (PostgreSql, options.ConnectionString));
    }

    private static void AddStorage(ISiloBuilder silo, SiloOptions options)
    {
        var serializer = new StateSerializer();
        if (options.Storage == SiloStorage.Memory)
        {
            silo.AddMemoryGrainStorage(StorageNames.Grains, storage => storage.GrainStorageSerializer = serializer);
            return;
        }

        silo.AddAdoNetGrainStorage(StorageNames.Grains, storage =>
        {
            (storage.Invariant, storage.ConnectionString) = (PostgreSql, options.ConnectionString);
            storage.GrainStorageSerializer = serializer;
        });
    }

    /// <summary>The address that other silos reach this one at.</summary>
    private static IPAddress Address(SiloOptions options) =>
        options.AdvertisedAddress.Length > 0
            ? IPAddress.Parse(options.AdvertisedAddress)
            : Dns.GetHostAddresses(Dns.GetHostName(), AddressFamily.InterNetwork).FirstOrDefault() ?? IPAddress.Loopback;
}
