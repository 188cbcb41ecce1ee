using ControlPlane.Embedded.Storage.Files;
using ControlPlane.GrainInterfaces;
using ControlPlane.Silo.State;
using Orleans.Configuration;
using Orleans.Hosting;

namespace ControlPlane.Silo.Wiring;

/// <summary>The embedded engine behind the grains: one process, storage in memory or in a file.</summary>
internal static class OrleansWiring
{
    public static SiloStorage DefaultStorage => SiloStorage.File;

    public static TimeSpan DefaultResponseTimeout => TimeSpan.FromSeconds(30);

    public static IEnumerable<string> Faults(SiloOptions options)
    {
        if (options.Storage == SiloStorage.AdoNet) yield return $"{SiloOptions.Section}:Storage AdoNet {Needs("keeps state in File or Memory")}";
        if (options.Clustering == SiloClustering.AdoNet) yield return $"{SiloOptions.Section}:Clustering AdoNet {Needs("is a single process")}";
        if (options.Streams == SiloStreams.AdoNet) yield return $"{SiloOptions.Section}:Streams AdoNet {Needs("carries events in Memory")}";
        if (options.Tls.IsOn) yield return $"{SiloOptions.Section}:Tls:Certificate '{options.Tls.Certificate}' {Needs("has no other silo to talk to")}";
    }

    /// <summary>What the machine lacks; the engine finds that out itself.</summary>
    public static Task<IReadOnlyList<string>> FaultsOutsideAsync(SiloOptions options, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);

    public static void Add(WebApplicationBuilder builder, SiloOptions options) => builder.UseOrleans(silo =>
    {
        silo.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = options.ResponseTimeout);
        silo.AddMemoryStreams(StreamNames.Provider);
        silo.UseInMemoryReminderService();
        if (options.Storage == SiloStorage.Memory)
        {
            silo.AddMemoryGrainStorage(StorageNames.Grains);
            silo.Services.AddSingleton<IStateStore, NoStateStore>();
            return;
        }
        silo.AddFileGrainStorage(StorageNames.Grains, new FileGrainStorageOptions { Folder = options.StoragePath });
        silo.Services.AddSingleton<IStateStore>(services => FolderStateStore.OfRunningSilo(services, options.StoragePath));
    });

    /// <summary>Pages of the engine: it has none.</summary>
    public static void Map(WebApplication app, SiloOptions options)
    {
    }

    private static string Needs(string what) => $"needs the build with -p:OrleansEngine=Cluster: this one {what}";
}
