using ControlPlane.Core.Anomalies.Health;
using ControlPlane.Core.Healing;
using ControlPlane.Core.Policies;
using ControlPlane.Simulation.Randomness;
using ControlPlane.Simulation.Services;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Simulation.Faults;

/// <summary>
/// One service with one fault, second by second: a warm-up, the fault, and the time until it is over. A function of scenario, seed and
/// treatment; the same seed meets every treatment with the same service, load and fault.
/// </summary>
internal static class FaultRun
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WarmUp = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan Tail = TimeSpan.FromMinutes(8);

    /// <summary>How long all must be well before the service counts as recovered.</summary>
    private static readonly TimeSpan WellFor = TimeSpan.FromSeconds(60);

    public static FaultOutcome Run(FaultScenario scenario, ulong seed, FaultTreatment treatment) => Follow(Prepare(scenario, seed, treatment));

    internal static Scene Prepare(FaultScenario scenario, ulong seed, FaultTreatment treatment)
    {
        var random = SeededRandom.For(SeededRandom.Combine(seed, scenario.Name), 1);
        var replicas = 6 + random.Next(11);
        var policy = new PolicyDocument { Mode = PolicyMode.Auto, MinReplicas = replicas, MaxReplicas = 2 * replicas, Predictive = new PredictivePolicy { Enabled = false } };
        var faultAt = Start + WarmUp + TimeSpan.FromSeconds(random.Next(60));
        var fault = scenario.Draw(random, faultAt);
        var end = faultAt + fault.Duration + Tail;
        var service = new SimulatedService(new ServiceProfile(), Load(random, replicas, end - Start), SeededRandom.Combine(seed, 2), Start, replicas) { TellsPodTraffic = true, Noise = new ReadingNoise(SeededRandom.Combine(seed, 3)) };
        service.Inject(fault);
        var loop = new HealingLoop(service, policy, treatment == FaultTreatment.Healing);
        var probes = treatment == FaultTreatment.LivenessProbes ? new LivenessProbes(service, seesHangs: seed % 2 == 0) : null;
        return new Scene(service, loop, probes, fault, end, policy.Step);
    }

    /// <summary>A service before its fault.</summary>
    internal sealed record Scene(SimulatedService Service, HealingLoop Loop, LivenessProbes? Probes, ServiceFault Fault, DateTimeOffset End, TimeSpan Step)
    {
        /// <summary>Whether a step of the control plane ends now.</summary>
        public bool IsStep => (Service.Time - Start).Ticks % Step.Ticks == 0;
    }

    /// <summary>Lets a second pass.</summary>
    internal static void Second(Scene scene)
    {
        scene.Service.AdvanceTo(scene.Service.Time + Tick);
        scene.Probes?.Tick();
        if (scene.IsStep) scene.Loop.Step();
    }

    private static FaultOutcome Follow(Scene scene)
    {
        var (service, loop, fault, end) = (scene.Service, scene.Loop, scene.Fault, scene.End);
        DateTimeOffset? detected = null, wellSince = null, recovered = null;
        var (missed, violating, early) = (0, 0.0, 0);
        var replicas = service.Replicas;
        while (service.Time < end)
        {
            Second(scene);
            if (scene.IsStep)
            {
                var isSeen = loop.Health.Faults.Any(f => f.Kind != PodFaultKind.Odd) || loop.Health.Cause is not (CommonCause.None or CommonCause.Overload);
                if (isSeen && service.Time <= fault.Time) early++;
                if (isSeen && service.Time > fault.Time) detected ??= service.Time;
            }

            if (service.Time <= fault.Time) continue;
            missed += service.MissesObjective ? 1 : 0;
            violating += service.LastViolating;
            var isWell = !service.IsFaulty && !service.MissesObjective && service.SoundPods >= Math.Min(replicas, service.Replicas);
            wellSince = isWell ? wellSince ?? service.Time : null;
            if (service.Time - wellSince >= WellFor) recovered ??= wellSince;
        }

        return new FaultOutcome
        {
            DetectedAfter = detected - fault.Time,
            RecoveredAfter = (recovered ?? end) - fault.Time,
            MissedSeconds = missed,
            ViolatingRequests = violating,
            Evictions = loop.Actions.Count(a => a.Action == HealingAction.EvictPod),
            Actions = loop.Actions.Count,
            FalseFindings = early,
            BrokenBudgets = loop.BrokenBudgets,
        };
    }

    /// <summary>A load that keeps the pods about 60% busy and wanders.</summary>
    private static LoadSeries Load(SeededRandom random, int replicas, TimeSpan duration)
    {
        const double BusyShare = 0.58;
        var profile = new ServiceProfile();
        var (phase, wander) = (2 * Math.PI * random.NextDouble(), 0.0);
        var rates = new double[(int)duration.TotalSeconds];
        for (var i = 0; i < rates.Length; i++)
        {
            wander += -wander / 120 + 0.006 * random.NextNormal();
            var share = BusyShare * (1 + 0.08 * Math.Sin(phase + 2 * Math.PI * i / 3600) + wander + 0.03 * random.NextNormal());
            rates[i] = Math.Clamp(share, 0.1, 0.66) * profile.CapacityPerPod * replicas;
        }

        return LoadSeries.FromRates(rates, Tick);
    }
}
