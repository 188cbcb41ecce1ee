using ControlPlane.Contract.Tests.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Storage;
using Orleans.Streams;
using Orleans.TestingHost;

namespace ControlPlane.Contract.Tests.Wiring;

/// <summary>Running silos of Microsoft Orleans and a client of them, in this process.</summary>
public sealed class ContractHost : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;

    private ContractHost(InProcessTestCluster cluster) => _cluster = cluster;

    public IClusterClient Client => _cluster.Client;

    public IReadOnlyList<InProcessSiloHandle> Silos => _cluster.Silos;

    public static async Task<ContractHost> StartAsync(ContractHostSettings settings, short silos = SiloCount.Value)
    {
        var builder = new InProcessTestClusterBuilder(silos);
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
                // Orleans places by each silo's load; here no test may depend on how busy the machine is.
                services.AddSingleton<PlacementStrategy, RandomPlacement>();
            }));
        builder.ConfigureClient(client => client
            .AddMemoryStreams("streams", streams => streams.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly))
            .Configure<ClientMessagingOptions>(options => options.ResponseTimeout = settings.ResponseTimeout));
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new ContractHost(cluster);
    }

    /// <summary>The silo that holds the grain's activation; null when it has none.</summary>
    public InProcessSiloHandle? SiloOf(IAddressable grain) =>
        _cluster.TryGetGrainContext(grain.GetGrainId(), out var context) ? _cluster.GetSiloForAddress(context.Address.SiloAddress!) : null;

    /// <summary>Ends a silo without a farewell to the others.</summary>
    public Task KillAsync(InProcessSiloHandle silo) => _cluster.KillSiloAsync(silo);

    public async ValueTask DisposeAsync()
    {
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
    }
}
