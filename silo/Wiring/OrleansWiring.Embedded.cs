using ControlPlane.Embedded.Storage.Files;
using ControlPlane.GrainInterfaces;
using Orleans.Configuration;
using Orleans.Hosting;

namespace ControlPlane.Silo.Wiring;

/// <summary>The embedded engine behind the grains: one process, storage in memory or in a file.</summary>
internal static class OrleansWiring
{
    public static SiloStorage DefaultStorage => SiloStorage.File;

    public static IEnumerable<string> Faults(SiloOptions options)
    {
        if (options.Storage == SiloStorage.AdoNet)
            yield return $"{SiloOptions.Section}:Storage AdoNet needs the build with -p:OrleansEngine=Cluster: this one keeps state in File or Memory";
        if (options.Clustering == SiloClustering.AdoNet)
            yield return $"{SiloOptions.Section}:Clustering AdoNet needs the build with -p:OrleansEngine=Cluster: this one is a single process";
    }

    public static void Add(WebApplicationBuilder builder, SiloOptions options) => builder.UseOrleans(silo =>
    {
        silo.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = options.ResponseTimeout);
        silo.AddMemoryStreams(StreamNames.Provider);
        silo.UseInMemoryReminderService();
        if (options.Storage == SiloStorage.Memory) silo.AddMemoryGrainStorage(StorageNames.Grains);
        else silo.AddFileGrainStorage(StorageNames.Grains, new FileGrainStorageOptions { Folder = options.StoragePath });
    });
}
