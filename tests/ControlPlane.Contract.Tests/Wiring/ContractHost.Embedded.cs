using ControlPlane.Contract.Tests.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Storage;

namespace ControlPlane.Contract.Tests.Wiring;

/// <summary>A running silo on the embedded engine.</summary>
public sealed class ContractHost : IAsyncDisposable
{
    private readonly IHost _host;

    private ContractHost(IHost host) => _host = host;

    public IClusterClient Client => _host.Services.GetRequiredService<IClusterClient>();

    public static async Task<ContractHost> StartAsync(ContractHostSettings settings)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo => silo
            .AddMemoryGrainStorage("memory")
            .AddMemoryStreams("streams")
            .UseInMemoryReminderService()
            .Configure<SiloMessagingOptions>(options => options.ResponseTimeout = settings.ResponseTimeout)
            .Configure<GrainCollectionOptions>(options =>
            {
                options.CollectionAge = settings.CollectionAge;
                options.CollectionQuantum = settings.CollectionQuantum;
            })
            .ConfigureServices(services =>
            {
                services.AddKeyedSingleton<IGrainStorage>("probe", new ProbeStorage());
                services.AddScoped<ScopedService>();
            }));
        var host = builder.Build();
        await host.StartAsync();
        return new ContractHost(host);
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5), TimeProvider.System);
        await _host.StopAsync(limit.Token);
        _host.Dispose();
    }
}
