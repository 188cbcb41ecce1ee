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

    /// <summary>Budgets of the team, a replica-hour apart: the least pays for more than the minimum for a few minutes, the greater half for all that the services want.</summary>
    private const int TeamBudgets = 8;
    private const double LeastTeamHours = 4.5;

    private readonly long _seed;
    private readonly IReadOnlyList<DemoService> _services;
    private readonly VirtualTwin _twin;
    private readonly InvariantRecorder _recorder = new();
    private readonly FaultOutcome _outcome = new();
    private readonly TeamLedger _team;
    private readonly HashSet<string> _restarted = [];

    private FaultRun(long seed)
    {
        _seed = seed;
        _team = new TeamLedger(LeastTeamHours + seed % TeamBudgets, MinReplicas);
        _services = [Service("web", 20 + seed % 7), Service("api", 90)];
        _twin = new VirtualTwin(_services, (ulong)seed)
        {
            ClusterPolicy = new PolicyDocument { Teams = [_team.Team] },
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
        run._outcome.HasCutTeam = run._team.HasCut;
        return run._outcome;
    }

    /// <summary>Waves for the faulty part, a steady load for the calm part.</summary>
    private static DemoService Service(string name, double period)
    {
        var rates = Enumerable.Range(0, FaultySteps + CalmSteps + 20).Select(i => i < FaultySteps ? 130 + 110 * Math.Sin(i * 2 * Math.PI / period) : 170.0);
        var policy = new PolicyDocument
        {
            Mode = PolicyMode.Auto,
            Team = TeamLedger.Name,
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

        var newest = new List<DecisionRecord?>();
        foreach (var service in _services) newest.Add(await Look(context, service, step));
        _team.Look(context.TimeProvider.GetUtcNow(), _twin.Cluster.Audit, [.. _services.Zip(newest, (s, n) => (s.Name, Simulated(s).Replicas, n))]);
        await Attempt(step, async () => _team.Check((await context.GrainFactory.GetGrain<ITeamGrain>($"{DemoService.Cluster}/{TeamLedger.Name}").GetSnapshot()).Account));
    }

    private void StartFaults(VirtualContext context)
    {
        var faults = context.Faults;
        foreach (var kind in new[] { FaultKind.KillActivation, FaultKind.AbandonActivation }) faults[kind] = 0.002;
        foreach (var kind in new[] { FaultKind.LoseAnswer, FaultKind.DelayAnswer, FaultKind.FailStorageBefore, FaultKind.FailStorageAfter, FaultKind.DelayStorage }) faults[kind] = 0.02;
        foreach (var kind in new[] { FaultKind.LoseEvent, FaultKind.DuplicateEvent, FaultKind.DelayEvent }) faults[kind] = 0.03;
        foreach (var service in _services)
        {
            var simulated = Simulated(service);
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

    /// <summary>Wakes a service, as the silo's fleet keeper does, and checks what it last decided.</summary>
    /// <returns>The record of that; null when there is none, or the call fails.</returns>
    private async Task<DecisionRecord?> Look(VirtualContext context, DemoService service, int step)
    {
        var grains = context.GrainFactory;
        DecisionRecord? newest = null;
        await Attempt(step, async () =>
        {
            if (step % 2 == 0) await grains.GetGrain<IServiceGrain>(service.Id.ToString()).EnsureActive();
            var records = await grains.GetGrain<IDecisionGrain>(service.Id.ToString()).GetRecords(1);
            newest = records.IsEmpty ? null : records[0];
            if (step <= FaultySteps + CalmSteps - SteadyTail) return;
            if (newest is null) CheckLateRestart(service);
            else CheckSettled(service, newest, context.TimeProvider.GetUtcNow());
        });
        return newest;
    }

    /// <summary>Makes calls; one that fails is one of the faults.</summary>
    private async Task Attempt(int step, Func<Task> calls)
    {
        try
        {
            await calls();
        }
        catch (Exception e) when (step <= FaultySteps + GraceSteps && e is TimeoutException or Orleans.Runtime.OrleansException or IOException or InvalidOperationException)
        {
            _outcome.FailedCalls++;
        }
    }

    private SimulatedService Simulated(DemoService service) => _twin.Cluster.FindService(DemoService.Namespace, service.Name)!;

    /// <summary>A write that took effect but failed is found out at the next one, up to a checkpoint later: the activation then starts anew, once.</summary>
    private void CheckLateRestart(DemoService service) => Assert.True(_restarted.Add(service.Name), $"{service.Name} restarts again and again without faults");

    private void CheckSettled(DemoService service, DecisionRecord record, DateTimeOffset now)
    {
        var decision = record.Decision;
        Assert.True(record.IsReproducible(), $"{decision.Id} does not replay");
        Assert.True(now - decision.Time < 2 * PolicyDocument.DefaultStep, $"{service.Name} decided last at {decision.Time:HH:mm:ss}, now it is {now:HH:mm:ss}");
        Assert.True(record.Input.Observation.MissingSignals.IsEmpty, $"{service.Name} misses {string.Join(", ", record.Input.Observation.MissingSignals)} without faults");
        if (decision.Reason == ReasonCode.TeamBudgetSpent)
        {
            // It has too few pods on purpose.
            Assert.True(decision.DesiredReplicas == MinReplicas, $"{service.Name} has no budget left and does not go to its minimum: {DecisionReason.Sentence(decision)}");
            return;
        }

        Assert.True(decision.Action == ScalingAction.Hold, $"{service.Name} does not settle: {DecisionReason.Sentence(decision)}");
        var simulated = Simulated(service);
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
    public bool HasCutTeam { get; set; }
}

/// <summary>What happened in all runs: a fault that never struck proves nothing.</summary>
internal sealed class FaultTotals
{
    private readonly Dictionary<FaultKind, long> _happened = [];
    private readonly Lock _gate = new();
    private long _crashes;
    private long _writes;
    private long _cutTeams;
    private long _runs;

    public void Add(FaultOutcome outcome)
    {
        lock (_gate)
        {
            foreach (var (kind, count) in outcome.Happened) _happened[kind] = _happened.GetValueOrDefault(kind) + count;
            _crashes += outcome.Crashes;
            _writes += outcome.Writes;
            _cutTeams += outcome.HasCutTeam ? 1 : 0;
            _runs++;
        }
    }

    public void AssertEverythingHappened()
    {
        Assert.All(Enum.GetValues<FaultKind>(), kind => Assert.True(_happened.GetValueOrDefault(kind) > 0, $"{kind} never happened"));
        Assert.True(_crashes > 0 && _writes > 0, $"{_crashes} crashes, {_writes} writes");
        Assert.True(_cutTeams > 0 && _cutTeams < _runs, $"the team's budget cut its services in {_cutTeams} of {_runs} runs");
    }
}
