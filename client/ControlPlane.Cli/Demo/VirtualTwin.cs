using ControlPlane.Core.Policies;
using ControlPlane.Core.Workloads;
using ControlPlane.Embedded.Virtual;
using ControlPlane.GrainInterfaces;
using ControlPlane.Grains;
using ControlPlane.Kubernetes;
using ControlPlane.Silo.Wiring;
using ControlPlane.Simulation.Api;
using ControlPlane.Simulation.Cluster;
using Microsoft.Extensions.DependencyInjection;
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
    private readonly RunClock _clock = new();

    public VirtualTwin(IReadOnlyList<DemoService> services, ulong seed)
    {
        _services = services;
        Cluster = new SimulatedCluster(DemoService.Cluster, DemoScenario.Start, seed);
        foreach (var service in services) Cluster.AddService(DemoService.Namespace, service.Name, service.Profile, service.Load);
        _api = new SimulatedApi(Cluster, _clock);
    }

    /// <summary>The cluster under control.</summary>
    public SimulatedCluster Cluster { get; }

    /// <summary>Adds or decorates services of every engine that is started; null when nobody wants to.</summary>
    public Action<IServiceCollection>? ConfigureServices { get; init; }

    /// <summary>The policy of the cluster's scope; null for none.</summary>
    public PolicyDocument? ClusterPolicy { get; init; }

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
                _clock.Run = context.TimeProvider;
                await Register(context);
                for (var step = 1; step <= steps; step++)
                {
                    var middle = DemoScenario.Start + (step + 0.5) * PolicyDocument.DefaultStep;
                    if (middle > _clock.GetUtcNow()) await context.AdvanceAsync(middle - _clock.GetUtcNow());
                    if (afterStep is not null) await afterStep(context, step);
                }
            },
            (options ?? new VirtualClusterOptions()) with { StartTime = DemoScenario.Start });

    private async Task Register(VirtualContext context)
    {
        if (ClusterPolicy is { } policy) await context.GrainFactory.GetGrain<IPolicyGrain>(DemoService.Cluster).Put(policy);
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
        ConfigureServices?.Invoke(silo.Services);
    }

    /// <summary>The clock of the run that is under way; the cluster's API is made before it.</summary>
    private sealed class RunClock : TimeProvider
    {
        public TimeProvider Run { get; set; } = System;

        public override long TimestampFrequency => Run.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => Run.GetUtcNow();

        public override long GetTimestamp() => Run.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            Run.CreateTimer(callback, state, dueTime, period);
    }

    /// <summary>Brings the cluster to the present before every request.</summary>
    private sealed class Ticking(VirtualTwin twin, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            twin.Cluster.AdvanceTo(twin._clock.GetUtcNow());
            return base.SendAsync(request, cancellationToken);
        }
    }
}

