using ControlPlane.Contract.Tests.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Storage;
using Orleans.Streams;
using Orleans.TestingHost;

namespace ControlPlane.Contract.Tests.Wiring;

/// <summary>A running silo of Microsoft Orleans and a client of it, in this process.</summary>
public sealed class ContractHost : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;

    private ContractHost(InProcessTestCluster cluster) => _cluster = cluster;

    public IClusterClient Client => _cluster.Client;

    public static async Task<ContractHost> StartAsync(ContractHostSettings settings)
    {
        var builder = new InProcessTestClusterBuilder(initialSilosCount: 1);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureHost(host => host.Logging.ClearProviders());
        builder.ConfigureSilo((_, silo) => silo
            .AddMemoryGrainStorage("memory")
            .AddMemoryStreams("streams", streams => streams.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly))
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
        builder.ConfigureClient(client => client
            .AddMemoryStreams("streams", streams => streams.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly))
            .Configure<ClientMessagingOptions>(options => options.ResponseTimeout = settings.ResponseTimeout));
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new ContractHost(cluster);
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
    }
}
