using System.Net;
using ControlPlane.Core.Anomalies.Watch;
using ControlPlane.Grains;
using ControlPlane.Grains.Decisions;
using ControlPlane.Grains.Work;
using ControlPlane.Kubernetes;
using ControlPlane.Silo.Api;
using ControlPlane.Silo.Configuration;
using ControlPlane.Silo.Health;
using ControlPlane.Silo.Telemetry;
using ControlPlane.Silo.Wiring;
using ControlPlane.Silo.Work;
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
            var options = SettingsReader.Read(builder.Configuration);
            SettingsReader.Refuse(await FaultsOutsideAsync(builder.Configuration, options));
            KubernetesWiring.Add(builder.Services, options);
            await using var app = Build(builder, options);
            app.Services.GetRequiredService<IKubernetesClients>();
            await app.RunAsync();
            return 0;
        }
        catch (Exception e)
        {
            // What is not foreseen here is in the log with its stack trace: the host logs why it could not start.
            await Console.Error.WriteLineAsync($"controlplane: {Message(e)}");
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
        SettingsReader.Refuse([.. options.Faults()]);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<StoreHealth>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.ShutdownTimeout);
        // Before the grains' own, which is made for virtual time.
        builder.Services.AddSingleton<IBackgroundWork>(services => new ThreadedWork(services.GetRequiredService<WorkOptions>(), TimeProvider.System));
        builder.Services.AddSingleton(new WatchOptions { FalseAlarmsPerMonth = options.FalseAlarmsPerMonth });
        if (options.Adviser is { } adviser) builder.Services.AddSingleton(new AdviserSource(adviser.Artifact));
        builder.Services.AddControlPlaneGrains();
        builder.Services.AddSingleton<ControlPlaneMetrics>();
        // Before the keeper: hosted services start in this order, and its first round needs the grains.
        OrleansWiring.Add(builder, options);
        builder.Services.AddSingleton<FleetKeeper>();
        builder.Services.AddHostedService(services => services.GetRequiredService<FleetKeeper>());
        builder.Services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        // In every environment, or the caller would get a bare 400 that does not say what is wrong.
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);

        var app = builder.Build();
        app.UseApiErrors();
        app.UseAdminGate(options.AdminToken);
        app.MapServices();
        app.MapPolicies();
        app.MapTeams();
        app.MapModels();
        app.MapAnomalies();
        app.MapState();
        app.MapHealth();
        app.MapMetrics();
        OrleansWiring.Map(app, options);
        return app;
    }

    /// <summary>What the machine lacks: taken ports, a database that cannot serve.</summary>
    private static async Task<IReadOnlyCollection<string>> FaultsOutsideAsync(IConfiguration configuration, SiloOptions options)
    {
        var faults = new List<string>(await OrleansWiring.FaultsOutsideAsync(options, CancellationToken.None));
        // A silo that joined its cluster and only then finds its address taken would be missed by the others; so this comes first.
        var urls = configuration[WebHostDefaults.ServerUrlsKey] ?? DefaultUrl;
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            if (Uri.TryCreate(url, UriKind.Absolute, out var uri) && IPAddress.TryParse(uri.Host, out var address) && Ports.Fault(address, uri.Port) is not null)
                faults.Add($"{WebHostDefaults.ServerUrlsKey} {url}: address already in use, or not one of this machine");
        return faults;
    }

    private static string Message(Exception e) => e is SiloConfigurationException ? e.Message : e.Message.Split("\n   at ", 2)[0];

    private static void AddSerilog(this IServiceCollection services, IConfiguration configuration)
    {
        var logger = new LoggerConfiguration().ReadFrom.Configuration(configuration).CreateLogger();
        services.AddLogging(logging => logging.AddSerilog(logger, dispose: true));
    }
}

/// <summary>The settings of the silo break rules.</summary>
public sealed class SiloConfigurationException(string message) : Exception(message);
