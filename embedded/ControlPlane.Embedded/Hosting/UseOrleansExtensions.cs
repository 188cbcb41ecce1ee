using ControlPlane.Embedded.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;

namespace Microsoft.Extensions.Hosting;

/// <summary>Running grains in a host.</summary>
public static class EmbeddedOrleansHostExtensions
{
    /// <summary>Runs grains in the host, on the embedded engine.</summary>
    /// <param name="hostAppBuilder">The host's builder.</param>
    /// <param name="configureDelegate">Configures storage, streams and reminders.</param>
    /// <returns>The host's builder.</returns>
    public static IHostApplicationBuilder UseOrleans(this IHostApplicationBuilder hostAppBuilder, Action<ISiloBuilder> configureDelegate)
    {
        ArgumentNullException.ThrowIfNull(hostAppBuilder);
        ArgumentNullException.ThrowIfNull(configureDelegate);
        hostAppBuilder.Services.AddEmbeddedOrleans(hostAppBuilder.Configuration, configureDelegate);
        return hostAppBuilder;
    }

    /// <summary>Runs grains in the host, on the embedded engine.</summary>
    /// <param name="hostBuilder">The host's builder.</param>
    /// <param name="configureDelegate">Configures storage, streams and reminders.</param>
    /// <returns>The host's builder.</returns>
    public static IHostBuilder UseOrleans(this IHostBuilder hostBuilder, Action<ISiloBuilder> configureDelegate)
    {
        ArgumentNullException.ThrowIfNull(hostBuilder);
        ArgumentNullException.ThrowIfNull(configureDelegate);
        return hostBuilder.ConfigureServices((context, services) => services.AddEmbeddedOrleans(context.Configuration, configureDelegate));
    }

    private static void AddEmbeddedOrleans(this IServiceCollection services, IConfiguration configuration, Action<ISiloBuilder> configure)
    {
        EmbeddedServices.AddCore(services);
        services.AddSingleton(EmbeddedSilo.MakeEngine);
        services.AddHostedService<EmbeddedSilo>();
        configure(new SiloBuilder(services, configuration));
    }
}
