using ControlPlane.Embedded.Hosting;
using ControlPlane.Embedded.Reminders;
using ControlPlane.Embedded.Runtime;
using ControlPlane.Embedded.Storage;
using ControlPlane.Embedded.Storage.Files;
using ControlPlane.Embedded.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Storage;
using Orleans.Streams;

namespace Orleans.Hosting;

/// <summary>Storage, streams and reminders of the embedded engine.</summary>
public static class EmbeddedSiloBuilderExtensions
{
    /// <summary>Sets options.</summary>
    /// <typeparam name="TOptions">Their type.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="configureOptions">Sets them.</param>
    /// <returns>The builder.</returns>
    public static ISiloBuilder Configure<TOptions>(this ISiloBuilder builder, Action<TOptions> configureOptions)
        where TOptions : class
        => builder.ConfigureServices(services => services.Configure(configureOptions));

    /// <summary>Adds services.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configureDelegate">Adds them.</param>
    /// <returns>The builder.</returns>
    public static ISiloBuilder ConfigureServices(this ISiloBuilder builder, Action<IServiceCollection> configureDelegate)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configureDelegate);
        configureDelegate(builder.Services);
        return builder;
    }

    /// <summary>Keeps state in memory, for grains that name no storage.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static ISiloBuilder AddMemoryGrainStorageAsDefault(this ISiloBuilder builder) => builder.AddMemoryGrainStorage("Default");

    /// <summary>Keeps state in memory.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The storage's name.</param>
    /// <returns>The builder.</returns>
    public static ISiloBuilder AddMemoryGrainStorage(this ISiloBuilder builder, string name)
        => builder.ConfigureServices(services => services.AddGrainStorage(name, static (provider, name) => new MemoryGrainStorage(
            name, provider.GetRequiredService<MemoryStorageMedium>(), provider.GetRequiredService<IGrainStorageSerializer>())));

    /// <summary>Keeps state in a folder; an acknowledged write survives any end of the process.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The storage's name.</param>
    /// <param name="options">The folder; several storages can share one.</param>
    /// <returns>The builder.</returns>
    public static ISiloBuilder AddFileGrainStorage(this ISiloBuilder builder, string name, FileGrainStorageOptions options)
        => builder.ConfigureServices(services =>
        {
            services.TryAddSingleton<LogStores>();
            services.AddGrainStorage(name, (provider, _) => new FileGrainStorage(
                name, provider.GetRequiredService<LogStores>().Open(options), provider.GetRequiredService<IGrainStorageSerializer>()));
        });

    /// <summary>Adds a storage.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The storage's name.</param>
    /// <param name="factory">Makes it.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddGrainStorage(this IServiceCollection services, string name, Func<IServiceProvider, string, IGrainStorage> factory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return services.AddKeyedSingleton(name, (provider, _) => factory(provider, name));
    }

    /// <summary>Adds streams; their events are kept in memory.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The provider's name.</param>
    /// <returns>The builder.</returns>
    public static ISiloBuilder AddMemoryStreams(this ISiloBuilder builder, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return builder.ConfigureServices(services => services.AddKeyedSingleton<IStreamProvider>(
            name, (provider, _) => new EmbeddedStreamProvider(name, provider.GetRequiredService<Engine>(), new StreamOptions())));
    }

    /// <summary>Keeps reminders in memory.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static ISiloBuilder UseInMemoryReminderService(this ISiloBuilder builder) => builder.AddMemoryGrainStorage(EmbeddedReminders.StorageName);

    /// <summary>Restricts the engine to some grain classes; without it, all that the program refers to can be activated.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="grainTypes">The classes.</param>
    /// <returns>The builder.</returns>
    public static ISiloBuilder UseGrainTypes(this ISiloBuilder builder, params Type[] grainTypes)
        => builder.ConfigureServices(services => services.AddSingleton(new GrainTypeSelection([.. grainTypes, typeof(ReminderTableGrain)])));
}
