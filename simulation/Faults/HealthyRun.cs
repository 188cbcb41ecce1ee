using ControlPlane.Core.Anomalies.Health;
using ControlPlane.Core.Healing;
using ControlPlane.Core.Policies;
using ControlPlane.Simulation.Randomness;
using ControlPlane.Simulation.Services;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Simulation.Faults;

/// <summary>
/// A healthy service over a recorded demand, with what healthy services live through: noisy metrics, pods with hiccups, a container that
/// ends once a week, a release a week, scrapes that are lost. Whatever healing does to it is too much.
/// </summary>
public static class HealthyRun
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Runs one trace.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="load">Its demand, on the step of the policy.</param>
    /// <param name="start">Time of the first tick's start, UTC.</param>
    /// <param name="profile">The service.</param>
    /// <param name="policy">The policy; it acts.</param>
    /// <param name="seed">Seed of the noise and the mishaps.</param>
    /// <param name="progress">Gets the share done; null for nobody.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static HealthyRow Run(
        string name, LoadSeries load, DateTimeOffset start, ServiceProfile profile, PolicyDocument policy, ulong seed, Action<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(load);
        var probe = new SimulatedService(profile, load, seed, DateTimeOffset.UnixEpoch, 1);
        var replicas = Math.Clamp(probe.RequiredReplicas(load.DemandAt(0)), policy.MinReplicas, policy.MaxReplicas);
        var service = new SimulatedService(profile, load, seed, start, replicas) { TellsPodTraffic = true, Noise = new ReadingNoise(seed) };
        service.Inject(Mishaps(seed, start, load.Duration));
        var loop = new HealingLoop(service, policy with { Mode = PolicyMode.Auto }, heals: true);
        var (findings, pods) = (0, 0.0);
        for (var tick = 0; tick < load.Length; tick++)
        {
            service.AdvanceTo(service.Time + load.Step);
            loop.Step();
            pods += service.Pods.Count;
            if (loop.Health.Faults.Any(f => f.Kind != PodFaultKind.Odd) || loop.Health.Cause is not (CommonCause.None or CommonCause.Overload)) findings++;
            if (tick % 4096 != 0) continue;
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Invoke((double)tick / load.Length);
        }

        return new HealthyRow
        {
            Trace = name,
            Days = load.Duration / Day,
            MeanPods = pods / load.Length,
            Evictions = loop.Actions.Count(a => a.Action == HealingAction.EvictPod),
            Actions = loop.Actions.Count,
            FindingsPerMonth = findings * 30 / (load.Duration / Day),
            Kinds = [.. loop.Actions.GroupBy(Kind, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key} ×{g.Count()}")],
            Story = [.. loop.Actions.Select(a => FormattableString.Invariant($"{a.Time:yyyy-MM-dd HH:mm:ss} {a.Sentence()}"))],
        };
    }

    private static string Kind(HealingDecision decision) => $"{decision.Action}/{decision.Reason}/{(decision.Fault is { } fault ? $"{fault.Kind}" : $"{decision.Cause}")}";

    /// <summary>A crash and a sound release a week; lost scrapes twice a day for up to 15 minutes.</summary>
    private static FaultSchedule Mishaps(ulong seed, DateTimeOffset start, TimeSpan duration)
    {
        var faults = new List<ServiceFault>();
        foreach (var (kind, mean, longest) in new[] { (ServiceFaultKind.PodCrash, Week, TimeSpan.Zero), (ServiceFaultKind.BadRelease, Week, TimeSpan.FromHours(1)), (ServiceFaultKind.ScrapeLoss, Day / 2, TimeSpan.FromMinutes(15)) })
        {
            var random = SeededRandom.For(seed, (ulong)kind + 1000);
            for (var time = start; ;)
            {
                time += TimeSpan.FromSeconds(Math.Ceiling(random.NextExponential() * mean.TotalSeconds));
                if (time >= start + duration) break;
                var length = longest * (kind == ServiceFaultKind.BadRelease ? 1 : random.NextDouble() * random.NextDouble());
                faults.Add(new ServiceFault { Time = time, Kind = kind, Target = random.Next(1 << 20), Duration = TimeSpan.FromSeconds(Math.Ceiling(length.TotalSeconds)) });
            }
        }

        return new FaultSchedule(faults);
    }
}
