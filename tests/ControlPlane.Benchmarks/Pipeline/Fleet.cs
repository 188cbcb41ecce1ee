using System.Collections.Immutable;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using ControlPlane.Core.Workloads;
using ControlPlane.Kubernetes;

namespace ControlPlane.Benchmarks.Pipeline;

/// <summary>
/// Services in memory: a collector that reads a few pods of each, whose load goes up and down, and an actuator that stores the intent
/// and sets the number of pods. Costs next to nothing, so that what is measured is the control plane.
/// </summary>
internal sealed class Fleet : IWorkloadCollector, IScaleActuator
{
    public const string Cluster = "bench";
    private const double CapacityPerPod = 100;
    private static readonly string[] PodNames = [.. Enumerable.Range(0, 64).Select(i => $"pod-{i}")];
    private readonly Dictionary<WorkloadId, int> _index = [];
    private readonly int[] _replicas;
    private readonly TimeProvider _time;

    public Fleet(int services, TimeProvider time)
    {
        _time = time;
        _replicas = new int[services];
        Array.Fill(_replicas, 4);
        Specs = [.. Enumerable.Range(0, services).Select(i => new WorkloadSpec
        {
            Id = new WorkloadId { Cluster = Cluster, Namespace = "shop", Kind = "deployment", Name = $"service-{i}" },
        })];
        for (var i = 0; i < services; i++) _index[Specs[i].Id] = i;
    }

    /// <summary>The policy of every service.</summary>
    public static PolicyDocument Policy { get; } = new()
    {
        Mode = PolicyMode.Auto,
        MinReplicas = 2,
        MaxReplicas = 20,
        Objective = new ObjectivePolicy { RequestsPerSecondPerReplica = 70 },
    };

    public ImmutableArray<WorkloadSpec> Specs { get; }

    /// <summary>Demand of a service: a day's wave of its own, and noise that is a function of the time.</summary>
    public static double Demand(int service, DateTimeOffset time)
    {
        var day = time.UtcTicks % TimeSpan.TicksPerDay / (double)TimeSpan.TicksPerDay;
        var noise = (time.UtcTicks / TimeSpan.TicksPerSecond * 2654435761 + service * 40503) % 1000 / 1000.0 - 0.5;
        return 250 + 120 * Math.Sin((day + service % 97 / 97.0) * 2 * Math.PI) + 20 * noise;
    }

    public Task<WorkloadReading> CollectAsync(WorkloadSpec spec, CancellationToken cancellationToken) =>
        Task.FromResult(Read(_index[spec.Id], _time.GetUtcNow()));

    public async Task<ActuationResult> ApplyAsync(
        WorkloadSpec spec, ScalingDecision decision, Func<ScaleIntent, Task> beforeWrite, CancellationToken cancellationToken)
    {
        await beforeWrite(new ScaleIntent(decision.Id, decision.Epoch, decision.CurrentReplicas!.Value, decision.DesiredReplicas!.Value, "1"));
        Set(_index[spec.Id], decision.DesiredReplicas.Value);
        return new ActuationResult { DecisionId = decision.Id, Workload = spec.Id, Time = _time.GetUtcNow(), Outcome = ActuationOutcome.Applied, ReplicasSeen = decision.DesiredReplicas };
    }

    public void Set(int service, int replicas) => _replicas[service] = replicas;

    public WorkloadReading Read(int service, DateTimeOffset now)
    {
        var replicas = _replicas[service];
        var demand = Demand(service, now);
        var cpu = Math.Min(0.5, 0.5 * demand / (replicas * CapacityPerPod));
        var started = now - TimeSpan.FromHours(2);
        var pods = ImmutableArray.CreateBuilder<PodStatus>(replicas);
        var samples = ImmutableArray.CreateBuilder<MetricSample>(replicas + 1);
        samples.Add(new MetricSample { Signal = SignalNames.Demand, Timestamp = now, Value = demand });
        for (var i = 0; i < replicas; i++)
        {
            pods.Add(new PodStatus
            {
                Name = PodNames[i],
                Phase = PodPhase.Running,
                IsReady = true,
                CreatedAt = started,
                StartedAt = started,
                ReadyChangedAt = started + TimeSpan.FromSeconds(30),
                CpuRequestMillicores = 500,
            });
            samples.Add(new MetricSample { Signal = SignalNames.Cpu, Timestamp = now, Value = cpu, Pod = PodNames[i] });
        }
        return new WorkloadReading { Time = now, CurrentReplicas = replicas, Pods = pods.MoveToImmutable(), Samples = samples.MoveToImmutable() };
    }
}
