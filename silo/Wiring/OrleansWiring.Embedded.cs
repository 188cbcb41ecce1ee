using ControlPlane.Embedded.Storage.Files;
using ControlPlane.GrainInterfaces;
using Orleans.Configuration;
using Orleans.Hosting;

namespace ControlPlane.Silo.Wiring;

/// <summary>The embedded engine behind the grains: one process, storage in memory or in a file.</summary>
internal static class OrleansWiring
{
    public static void Add(WebApplicationBuilder builder, SiloOptions options) => builder.UseOrleans(silo =>
    {
        silo.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = options.ResponseTimeout);
        silo.AddMemoryStreams(StreamNames.Provider);
        silo.UseInMemoryReminderService();
        if (options.Storage == SiloStorage.Memory) silo.AddMemoryGrainStorage(StorageNames.Grains);
        else silo.AddFileGrainStorage(StorageNames.Grains, new FileGrainStorageOptions { Folder = options.StoragePath });
    });
}
