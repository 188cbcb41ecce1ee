using ControlPlane.Embedded.Runtime;
using ControlPlane.Embedded.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Storage;

namespace ControlPlane.Embedded.Hosting;

internal static class EmbeddedServices
{
    /// <summary>Adds what grains may ask for in either kind of time.</summary>
    internal static void AddCore(IServiceCollection services)
    {
        services.AddLogging();
        services.AddOptions();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IGrainStorageSerializer>(new JsonGrainStorageSerializer());
        services.TryAddSingleton<MemoryStorageMedium>();
        services.TryAddSingleton(new SingletonServicesSource(services));
        services.TryAddSingleton(provider => new SingletonServices(provider.GetRequiredService<SingletonServicesSource>().Services));
        services.TryAddSingleton<IClusterClient>(provider => provider.GetRequiredService<Engine>().GrainFactory);
        services.TryAddSingleton<IGrainFactory>(provider => provider.GetRequiredService<Engine>().GrainFactory);
    }

    internal sealed record SingletonServicesSource(IServiceCollection Services);
}
