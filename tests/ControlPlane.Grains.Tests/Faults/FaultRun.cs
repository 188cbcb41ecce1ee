using ControlPlane.Cli.Demo;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using ControlPlane.Embedded.Virtual;
using ControlPlane.GrainInterfaces;
using ControlPlane.Kubernetes;
using ControlPlane.Simulation.Api;
using ControlPlane.Simulation.Services;
using ControlPlane.Simulation.Traces;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Grains.Tests.Faults;

/// <summary>One run under faults: first everything goes wrong, then nothing does and the system must settle.</summary>
internal sealed class FaultRun
{
    private const int FaultySteps = 60;

    /// <summary>Replicas that healing brought back stay for a quarter of an hour; scaling takes them away five minutes later.</summary>
    private const int CalmSteps = 88;
    private const int GraceSteps = 8;
    private const int SteadyTail = 12;
    private const double CrashChance = 0.02;
    private const int MinReplicas = 2;
    private const int MaxReplicas = 9;

    private readonly long _seed;
    private readonly IReadOnlyList<DemoService> _services;
    private readonly VirtualTwin _twin;
    private readonly InvariantRecorder _recorder = new();
    private readonly FaultOutcome _outcome = new();
    private readonly HashSet<string> _restarted = [];

    private FaultRun(long seed)
    {
        _seed = seed;
        _services = [Service("web", 20 + seed % 7), Service("api", 90)];
        _twin = new VirtualTwin(_services, (ulong)seed)
        {
            ConfigureServices = services => services.AddSingleton<IScaleActuator>(provider =>
                new RecordingActuator(KubernetesActuator(services, provider), _recorder)),
        };
        _twin.ApiFaults = new ApiFaultPlan((ulong)seed, 0.08, withDelays: true);
    }

    /// <summary>Runs a seed and throws what it broke.</summary>
    public static FaultOutcome Execute(long seed)
    {
        var run = new FaultRun(seed);
        var result = run._twin.Run(seed, FaultySteps + CalmSteps, run.AfterStep);
        run._recorder.CheckAudit(run._twin.Cluster.Audit, MinReplicas, MaxReplicas);
        run._outcome.TraceHash = result.TraceHash;
        run._outcome.Writes = run._recorder.Applied;
        return run._outcome;
    }

    /// <summary>Waves for the faulty part, a steady load for the calm part.</summary>
    private static DemoService Service(string name, double period)
    {
        var rates = Enumerable.Range(0, FaultySteps + CalmSteps + 20).Select(i => i < FaultySteps ? 130 + 110 * Math.Sin(i * 2 * Math.PI / period) : 170.0);
        var policy = new PolicyDocument
        {
            Mode = PolicyMode.Auto,
            MinReplicas = MinReplicas,
            MaxReplicas = MaxReplicas,
            Behavior = BehaviorPolicy.KubernetesDefault with { ScaleDown = BehaviorPolicy.KubernetesDefault.ScaleDown with { StabilizationWindow = TimeSpan.FromMinutes(1) } },
        };
        return new DemoService(name, "waves", new ServiceProfile { Startup = StartupTime.Constant(TimeSpan.FromSeconds(30)) }, LoadSeries.FromRates(rates), policy);
    }

    /// <summary>The actuator as the twin registered it, so that it can be watched.</summary>
    private static IScaleActuator KubernetesActuator(IServiceCollection services, IServiceProvider provider) =>
        (IScaleActuator)services.First(s => s.ServiceType == typeof(IScaleActuator)).ImplementationFactory!(provider);

    private async Task AfterStep(VirtualContext context, int step)
    {
        if (step == 1) StartFaults(context);
        if (step == FaultySteps) StopFaults(context);
        if (step < FaultySteps && context.Random.NextDouble() < CrashChance)
        {
            _outcome.Crashes++;
            await context.CrashAndRestartAsync();
        }
        foreach (var service in _services) await Look(context, service, step);
    }

    private void StartFaults(VirtualContext context)
    {
        var faults = context.Faults;
        foreach (var kind in new[] { FaultKind.KillActivation, FaultKind.AbandonActivation }) faults[kind] = 0.002;
        foreach (var kind in new[] { FaultKind.LoseAnswer, FaultKind.DelayAnswer, FaultKind.FailStorageBefore, FaultKind.FailStorageAfter, FaultKind.DelayStorage }) faults[kind] = 0.02;
        foreach (var kind in new[] { FaultKind.LoseEvent, FaultKind.DuplicateEvent, FaultKind.DelayEvent }) faults[kind] = 0.03;
        foreach (var service in _services)
        {
            var simulated = _twin.Cluster.FindService(DemoService.Namespace, service.Name)!;
            foreach (var kind in Enum.GetValues<ServiceFaultKind>())
            {
                if (context.Random.NextDouble() < 0.5) continue;
                simulated.Inject(new ServiceFault
                {
                    Kind = kind,
                    Time = DemoScenario.Start + context.Random.Next(2, FaultySteps - 12) * PolicyDocument.DefaultStep,
                    Duration = context.Random.Next(1, 8) * PolicyDocument.DefaultStep,
                    Target = context.Random.Next(8),
                    Magnitude = kind is ServiceFaultKind.SlowPod or ServiceFaultKind.SlowNode or ServiceFaultKind.BadRelease ? 0.3 : 30,
                });
            }
        }
    }

    private void StopFaults(VirtualContext context)
    {
        foreach (var kind in Enum.GetValues<FaultKind>()) _outcome.Happened[kind] = context.Faults.Count(kind);
        context.Faults.Stop();
        _twin.ApiFaults!.IsEnabled = false;
    }

    /// <summary>Wakes a service, as the silo's fleet keeper does, and checks what it last decided. A call that fails is one of the faults.</summary>
    private async Task Look(VirtualContext context, DemoService service, int step)
    {
        var grains = context.GrainFactory;
        try
        {
            if (step % 2 == 0) await grains.GetGrain<IServiceGrain>(service.Id.ToString()).EnsureActive();
            if (step <= FaultySteps + CalmSteps - SteadyTail) return;
            var records = await grains.GetGrain<IDecisionGrain>(service.Id.ToString()).GetRecords(1);
            if (records.IsEmpty) CheckLateRestart(service);
            else CheckSettled(service, records[0], context.TimeProvider.GetUtcNow());
        }
        catch (Exception e) when (step <= FaultySteps + GraceSteps && e is TimeoutException or Orleans.Runtime.OrleansException or IOException or InvalidOperationException)
        {
            _outcome.FailedCalls++;
        }
    }

    /// <summary>A write that took effect but failed is found out at the next one, up to a checkpoint later: the activation then starts anew, once.</summary>
    private void CheckLateRestart(DemoService service) => Assert.True(_restarted.Add(service.Name), $"{service.Name} restarts again and again without faults");

    private void CheckSettled(DemoService service, DecisionRecord record, DateTimeOffset now)
    {
        var decision = record.Decision;
        Assert.True(record.IsReproducible(), $"{decision.Id} does not replay");
        Assert.True(now - decision.Time < 2 * PolicyDocument.DefaultStep, $"{service.Name} decided last at {decision.Time:HH:mm:ss}, now it is {now:HH:mm:ss}");
        Assert.True(record.Input.Observation.MissingSignals.IsEmpty, $"{service.Name} misses {string.Join(", ", record.Input.Observation.MissingSignals)} without faults");
        Assert.True(decision.Action == ScalingAction.Hold, $"{service.Name} does not settle: {DecisionReason.Sentence(decision)}");
        var simulated = _twin.Cluster.FindService(DemoService.Namespace, service.Name)!;
        Assert.True(simulated.ReadyReplicas >= simulated.RequiredReplicas(170), $"{service.Name} settled at {simulated.ReadyReplicas} ready pods, too few");
    }
}

/// <summary>What happened in one run.</summary>
internal sealed class FaultOutcome
{
    public Dictionary<FaultKind, long> Happened { get; } = [];
    public ulong TraceHash { get; set; }
    public int Crashes { get; set; }
    public int FailedCalls { get; set; }
    public int Writes { get; set; }
}

/// <summary>What happened in all runs: a fault that never struck proves nothing.</summary>
internal sealed class FaultTotals
{
    private readonly Dictionary<FaultKind, long> _happened = [];
    private readonly Lock _gate = new();
    private long _crashes;
    private long _writes;

    public void Add(FaultOutcome outcome)
    {
        lock (_gate)
        {
            foreach (var (kind, count) in outcome.Happened) _happened[kind] = _happened.GetValueOrDefault(kind) + count;
            _crashes += outcome.Crashes;
            _writes += outcome.Writes;
        }
    }

    public void AssertEverythingHappened()
    {
        Assert.All(Enum.GetValues<FaultKind>(), kind => Assert.True(_happened.GetValueOrDefault(kind) > 0, $"{kind} never happened"));
        Assert.True(_crashes > 0 && _writes > 0, $"{_crashes} crashes, {_writes} writes");
    }
}
