using ControlPlane.Core.Anomalies.Health;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Core.Tests.Anomalies.Health;

/// <summary>Pods of one workload, two to a node, that show what they are told to, watched step by step.</summary>
internal sealed class PodScene
{
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(15);
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private readonly HealthMonitor _monitor = new();
    private int _step;

    public PodScene(int pods) => Pods = [.. Enumerable.Range(0, pods).Select(i => new ScenePod($"web-{i:00}", $"node-{i / 2 + 1}", Start - TimeSpan.FromHours(1)))];

    public List<ScenePod> Pods { get; }

    /// <summary>Workload's 95th percentile of the response time, seconds.</summary>
    public double Latency { get; set; } = 0.15;

    public double Utilization { get; set; } = 0.6;

    /// <summary>Added to the samples' times.</summary>
    public TimeSpan Skew { get; set; }

    /// <summary>Whether the samples' last digits stand still.</summary>
    public bool IsFrozen { get; set; }

    public DateTimeOffset Time => Start + _step * Step;

    public HealthReport Next(bool withReading = true, bool withSamples = true)
    {
        _step++;
        var observation = new Observation
        {
            Workload = WorkloadId.Parse("test/shop/deployment/web"),
            Time = Time,
            Step = Step,
            Demand = 300,
            CurrentReplicas = Pods.Count,
            ReadyReplicas = Pods.Count(p => p.IsReady),
            Utilization = Utilization,
            LatencyP95Seconds = Latency,
            ErrorRatio = 0,
            StartupSeconds = 45,
        };
        return _monitor.Update(observation, withReading ? Reading(withSamples) : null, new ObjectivePolicy());
    }

    /// <summary>Lets steps pass; the last report.</summary>
    public HealthReport Run(int steps, Action<int>? before = null)
    {
        var last = HealthReport.Healthy;
        for (var i = 0; i < steps; i++)
        {
            before?.Invoke(i);
            last = Next();
        }

        return last;
    }

    private WorkloadReading Reading(bool withSamples) => new()
    {
        Time = Time,
        CurrentReplicas = Pods.Count,
        Pods = [.. Pods.OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => p.Status(Time))],
        Samples = withSamples ? [.. Pods.SelectMany(Samples)] : [],
    };

    private IEnumerable<MetricSample> Samples(ScenePod pod)
    {
        var noise = IsFrozen ? 0 : 0.001 * Math.Sin(_step * 12.9898 + pod.Name.Sum(c => c));
        MetricSample Make(string signal, double value) => new() { Signal = signal, Timestamp = Time + Skew, Value = value + noise, Pod = pod.Name };
        yield return Make(SignalNames.Cpu, pod.Cpu);
        yield return Make(SignalNames.Memory, pod.Memory * (256L << 20));
        if (pod.Errors is { } errors) yield return Make(SignalNames.ErrorRatio, errors);
        if (pod.Latency is { } latency) yield return Make(SignalNames.LatencyP95, latency);
    }
}

/// <summary>A pod and what it shows.</summary>
internal sealed class ScenePod(string name, string node, DateTimeOffset created)
{
    public string Name { get; } = name;

    public string Node { get; } = node;

    public bool IsReady { get; set; } = true;

    public int Restarts { get; set; }

    public double Cpu { get; set; } = 0.6;

    public double Memory { get; set; } = 0.6;

    public double? Errors { get; set; } = 0.002;

    public double? Latency { get; set; } = 0.15;

    private DateTimeOffset? _changed;
    private bool _was = true;

    public PodStatus Status(DateTimeOffset time)
    {
        if (IsReady != _was) (_was, _changed) = (IsReady, time);
        return new PodStatus
        {
            Name = Name,
            Phase = PodPhase.Running,
            IsReady = IsReady,
            CreatedAt = created,
            StartedAt = created,
            ReadyChangedAt = _changed ?? created,
            CpuRequestMillicores = 1000,
            MemoryRequestBytes = 256L << 20,
            Node = Node,
            RestartCount = Restarts,
        };
    }
}
