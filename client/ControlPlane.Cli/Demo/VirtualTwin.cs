using ControlPlane.Core.Workloads;
using ControlPlane.Embedded.Virtual;
using ControlPlane.GrainInterfaces;
using ControlPlane.Grains;
using ControlPlane.Kubernetes;
using ControlPlane.Silo.Wiring;
using ControlPlane.Simulation.Api;
using ControlPlane.Simulation.Cluster;
using Orleans.Hosting;

namespace ControlPlane.Cli.Demo;

/// <summary>
/// The demo in virtual time: the real grains, collector and actuator over a simulated cluster, on one thread, as a function of the seed.
/// </summary>
internal sealed class VirtualTwin
{
    /// <summary>The simulated cluster's custom metric for demand.</summary>
    public const string DemandMetric = "requests_per_second";

    private readonly IReadOnlyList<DemoService> _services;
    private readonly SimulatedApi _api;
    private TimeProvider? _clock;

    public VirtualTwin(IReadOnlyList<DemoService> services, ulong seed)
    {
        _services = services;
        Cluster = new SimulatedCluster(DemoService.Cluster, DemoScenario.Start, seed);
        foreach (var service in services) Cluster.AddService(DemoService.Namespace, service.Name, service.Profile, service.Load);
        _api = new SimulatedApi(Cluster);
    }

    /// <summary>The cluster under control.</summary>
    public SimulatedCluster Cluster { get; }

    /// <summary>What goes wrong with Kubernetes requests; null when nothing does.</summary>
    public ApiFaultPlan? ApiFaults
    {
        get => _api.Faults;
        set => _api.Faults = value;
    }

    /// <summary>Registers the services with their policies, lets time pass step by step, and calls back after every step.</summary>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="steps">Steps to run.</param>
    /// <param name="afterStep">Called in the middle of each step that follows a decision; null when nobody wants it.</param>
    /// <param name="options">How the run is set up.</param>
    public VirtualRunResult Run(long seed, int steps, Func<VirtualContext, int, Task>? afterStep = null, VirtualClusterOptions? options = null) =>
        VirtualCluster.Run(
            seed,
            Configure,
            async context =>
            {
                _clock = context.TimeProvider;
                await Register(context);
                for (var step = 1; step <= steps; step++)
                {
                    await context.AdvanceAsync(DemoScenario.Start + step * Core.Policies.PolicyDocument.DefaultStep + HalfStep - context.TimeProvider.GetUtcNow());
                    if (afterStep is not null) await afterStep(context, step);
                }
            },
            (options ?? new VirtualClusterOptions()) with { StartTime = DemoScenario.Start });

    private static TimeSpan HalfStep => Core.Policies.PolicyDocument.DefaultStep / 2;

    private async Task Register(VirtualContext context)
    {
        foreach (var service in _services)
        {
            await context.GrainFactory.GetGrain<IPolicyGrain>(service.Id.ToString()).Put(service.Policy);
            await context.GrainFactory.Catalog(service.Id).Register(Spec(service));
        }
    }

    /// <summary>The registration of a demo service.</summary>
    public static WorkloadSpec Spec(DemoService service) => new() { Id = service.Id, DemandMetric = DemandMetric };

    private void Configure(ISiloBuilder silo)
    {
        silo.AddMemoryStreams(StreamNames.Provider);
        silo.AddMemoryGrainStorage(StorageNames.Grains);
        silo.UseInMemoryReminderService();
        silo.Services.AddControlPlaneGrains();
        KubernetesWiring.Add(silo.Services, new KubernetesOptions
        {
            Cluster = DemoService.Cluster,
            Configuration = new ClusterConfiguration { Server = new Uri("http://simulated.invalid") },
            Handler = () => new Ticking(this, new SimulatedApiHandler(_api)),
        });
    }

    /// <summary>Brings the cluster to the present before every request.</summary>
    private sealed class Ticking(VirtualTwin twin, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            twin.Cluster.AdvanceTo(twin._clock!.GetUtcNow());
            return base.SendAsync(request, cancellationToken);
        }
    }
}

