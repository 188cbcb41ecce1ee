using ControlPlane.Cli.Demo;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using ControlPlane.Embedded.Virtual;
using ControlPlane.GrainInterfaces;
using ControlPlane.Kubernetes;
using ControlPlane.Simulation.Cluster;
using ControlPlane.Simulation.Services;
using ControlPlane.Simulation.Traces;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Streams;

namespace ControlPlane.Grains.Tests.Behaviour;

/// <summary>One small simulated service under the real grains in virtual time.</summary>
internal sealed class Scene
{
    public const int Seed = 7;

    private Scene(DemoService service, Action<IServiceCollection>? configure)
    {
        Service = service;
        Twin = new VirtualTwin([service], Seed) { ConfigureServices = configure };
    }

    /// <summary>Reacts only, between 2 and 20 replicas.</summary>
    public static PolicyDocument Reactive { get; } = new()
    {
        Mode = PolicyMode.Auto,
        MinReplicas = 2,
        MaxReplicas = 20,
        Predictive = new PredictivePolicy { Enabled = false },
    };

    public DemoService Service { get; }

    public VirtualTwin Twin { get; }

    public string Key => Service.Id.ToString();

    /// <summary>Writes of replicas that reached the cluster, whatever became of them.</summary>
    public IReadOnlyList<AuditEntry> ScaleWrites => [.. Twin.Cluster.Audit.Where(e => e.Path.EndsWith("/scale", StringComparison.Ordinal))];

    public SimulatedService Simulated => Twin.Cluster.FindService(DemoService.Namespace, Service.Name)!;

    /// <summary>A service of three pods of 50 requests a second each, whose load steps from one rate to another. Its grains store after eight minutes.</summary>
    public static Scene Of(PolicyDocument policy, double rate, double laterRate = double.NaN, int change = int.MaxValue, Action<IServiceCollection>? configure = null)
    {
        var rates = Enumerable.Range(0, 400).Select(step => step < change ? rate : laterRate);
        var profile = new ServiceProfile { Startup = StartupTime.Constant(TimeSpan.FromSeconds(20)) };
        return new Scene(new DemoService("cart", "steps", profile, LoadSeries.FromRates(rates), policy), configure);
    }

    /// <summary>A service of its own.</summary>
    public static Scene With(DemoService service) => new(service, null);

    /// <summary>Puts something around the actuator that the twin made.</summary>
    public static Action<IServiceCollection> AroundActuator(Func<IScaleActuator, TimeProvider, IScaleActuator> wrap) => Around(wrap);

    /// <summary>Puts something around the collector that the twin made.</summary>
    public static Action<IServiceCollection> AroundCollector(Func<IWorkloadCollector, TimeProvider, IWorkloadCollector> wrap) => Around(wrap);

    /// <summary>Lets steps pass; the callback runs in the middle of each.</summary>
    public void Run(int steps, Func<VirtualContext, int, Task> afterStep) => Twin.Run(Seed, steps, afterStep);

    public IServiceGrain ServiceOf(VirtualContext context) => context.GrainFactory.GetGrain<IServiceGrain>(Key);

    public IDecisionGrain DecisionOf(VirtualContext context) => context.GrainFactory.GetGrain<IDecisionGrain>(Key);

    public IPolicyGrain PolicyOf(VirtualContext context, string? scope = null) => context.GrainFactory.GetGrain<IPolicyGrain>(scope ?? Key);

    public async Task<ScalingDecision> Latest(VirtualContext context) => await DecisionOf(context).GetLatest() ?? throw new InvalidOperationException("nothing was decided");

    public async Task<DecisionRecord> Record(VirtualContext context) => (await DecisionOf(context).GetRecords(1))[0];

    /// <summary>Puts an event on one of the workload's streams and waits until it has arrived.</summary>
    public async Task Publish<T>(VirtualContext context, string streamNamespace, T item)
    {
        var provider = context.Services.GetRequiredKeyedService<IStreamProvider>(StreamNames.Provider);
        await provider.GetStream<T>(StreamId.Create(streamNamespace, Key)).OnNextAsync(item);
        await context.AdvanceAsync(TimeSpan.FromSeconds(1));
    }

    private static Action<IServiceCollection> Around<T>(Func<T, TimeProvider, T> wrap)
        where T : class => services =>
        {
            var made = services.Last(s => s.ServiceType == typeof(T)).ImplementationFactory!;
            services.AddSingleton(provider => wrap((T)made(provider), provider.GetRequiredService<TimeProvider>()));
        };
}
