using ControlPlane.Grains;
using ControlPlane.Kubernetes;
using ControlPlane.Silo.Api;
using ControlPlane.Silo.Wiring;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serilog;

namespace ControlPlane.Silo;

/// <summary>Builds and runs the host: grains, HTTP API, health.</summary>
public static class SiloApp
{
    /// <summary>Default address of the HTTP API.</summary>
    public const string DefaultUrl = "http://127.0.0.1:8080";

    /// <summary>Runs the silo until it is told to stop.</summary>
    /// <returns>0 after a clean stop; 1 when it could not start.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var builder = CreateBuilder(args);
            var options = builder.Configuration.GetSection(SiloOptions.Section).Get<SiloOptions>() ?? new SiloOptions();
            Check(options);
            KubernetesWiring.Add(builder.Services, options);
            await using var app = Build(builder, options);
            app.Services.GetRequiredService<IKubernetesClients>();
            await app.RunAsync();
            return 0;
        }
        catch (Exception e) when (e is SiloConfigurationException or KubernetesException or IOException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync($"controlplane: {e.Message}");
            return 1;
        }
    }

    /// <summary>A builder with logging and configuration in place; the caller adds Kubernetes and, for simulations, a clock.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.Services.AddSerilog(builder.Configuration);
        if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey])) builder.WebHost.UseUrls(DefaultUrl);
        return builder;
    }

    /// <summary>The host, ready to start.</summary>
    /// <exception cref="SiloConfigurationException">The settings break rules; the message names every one.</exception>
    public static WebApplication Build(WebApplicationBuilder builder, SiloOptions options)
    {
        Check(options);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(options);
        builder.Services.AddControlPlaneGrains();
        // Before the keeper: hosted services start in this order, and its first round needs the grains.
        OrleansWiring.Add(builder, options);
        builder.Services.AddSingleton<FleetKeeper>();
        builder.Services.AddHostedService(services => services.GetRequiredService<FleetKeeper>());
        builder.Services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        // In every environment, or the caller would get a bare 400 that does not say what is wrong.
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);

        var app = builder.Build();
        app.UseExceptionHandler(ApiErrors.Handle);
        app.MapServices();
        app.MapPolicies();
        app.MapHealth();
        return app;
    }

    private static void Check(SiloOptions options)
    {
        var faults = options.Faults().ToArray();
        if (faults.Length > 0) throw new SiloConfigurationException("the configuration is refused:\n" + string.Join('\n', faults.Select(f => $"  {f}")));
    }

    private static void AddSerilog(this IServiceCollection services, IConfiguration configuration)
    {
        var logger = new LoggerConfiguration().ReadFrom.Configuration(configuration).CreateLogger();
        services.AddLogging(logging => logging.AddSerilog(logger, dispose: true));
    }
}

/// <summary>The settings of the silo break rules.</summary>
public sealed class SiloConfigurationException(string message) : Exception(message);
