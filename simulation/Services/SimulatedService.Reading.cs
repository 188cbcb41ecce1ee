using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ControlPlane.Core.Metrics;

namespace ControlPlane.Simulation.Services;

public sealed partial class SimulatedService
{
    private readonly Queue<ImmutableArray<MetricSample>> _scrapes = new();
    private ImmutableArray<PodStatus> _statuses;
    private ImmutableArray<MetricSample> _samples;
    private DateTimeOffset _scrapeLostUntil = DateTimeOffset.MinValue;
    private DateTimeOffset _scrapeDelayedUntil = DateTimeOffset.MinValue;
    private int _scrapeDelayTicks;
    private ImmutableArray<MetricSample> _frozen;
    private DateTimeOffset _frozenUntil;
    private bool _frozenIsRestamped;
    private TimeSpan _skew;
    private DateTimeOffset _skewUntil;

    /// <summary>Whether readings tell the errors and the latency of each pod too, as a service mesh does. Default: only CPU and memory.</summary>
    public bool TellsPodTraffic { get; init; }

    /// <summary>Whether readings tell each pod's memory; the default is yes.</summary>
    public bool TellsPodMemory { get; init; } = true;

    /// <summary>How the pods' metrics differ from what the model computes; null: not at all.</summary>
    public ReadingNoise? Noise { get; init; }

    /// <summary>
    /// What a perfect collector sees now: the same numbers, bit for bit, that the Kubernetes API of a simulated cluster tells (CPU in
    /// whole thousandths of a core, memory in whole KiB, everything else in thousandths). Samples: demand, latencies, error ratio of
    /// the last tick, then CPU and memory of each running pod in order of their names.
    /// </summary>
    public WorkloadReading Read() => new()
    {
        Time = Time,
        CurrentReplicas = Replicas,
        Pods = Statuses(),
        Samples = VisibleSamples(),
    };

    /// <summary>The samples that collectors can see now, after lost and late scrapes.</summary>
    internal ImmutableArray<MetricSample> VisibleSamples()
    {
        if (Time <= _scrapeLostUntil) return [];
        if (Time <= _frozenUntil) return _frozenIsRestamped ? [.. _frozen.Select(s => s with { Timestamp = Time })] : _frozen;
        if (_scrapes.Count > 0) return _scrapes.Peek();
        if (_samples.IsDefault) _samples = Sample();
        return Time <= _skewUntil ? [.. _samples.Select(s => s with { Timestamp = s.Timestamp + _skew })] : _samples;
    }

    private void Freeze(DateTimeOffset until, bool isRestamped)
    {
        _frozen = VisibleSamples();
        (_frozenUntil, _frozenIsRestamped) = (until, isRestamped);
    }

    private void ForgetReadings()
    {
        _statuses = default;
        _samples = default;
    }

    private ImmutableArray<PodStatus> Statuses()
    {
        if (!_statuses.IsDefault) return _statuses;
        var statuses = new PodStatus[_pods.Count];
        for (var i = 0; i < statuses.Length; i++) statuses[i] = _pods[i].Status(Profile);
        return _statuses = ImmutableCollectionsMarshal.AsImmutableArray(statuses);
    }

    private ImmutableArray<MetricSample> Sample()
    {
        var samples = new MetricSample[5 + (1 + (TellsPodMemory ? 1 : 0) + (TellsPodTraffic ? 2 : 0)) * _pods.Count];
        var count = 0;
        void Add(string signal, double value, string? pod) =>
            samples[count++] = new MetricSample { Signal = signal, Timestamp = Time, Value = value, Pod = pod };

        if (_lastDemandKnown && _nextTick > 0)
        {
            Add(SignalNames.Demand, Thousandths(_lastDemand), null);
            if (TickLatency.Of(_traffic.Parts) is { } latency)
            {
                Add(SignalNames.LatencyP50, Thousandths(latency.P50), null);
                Add(SignalNames.LatencyP95, Thousandths(latency.P95), null);
                Add(SignalNames.LatencyP99, Thousandths(latency.P99), null);
            }

            if (_last.Finished > 0) Add(SignalNames.ErrorRatio, Thousandths(_last.Failed / _last.Finished), null);
        }

        foreach (var pod in _pods)
        {
            if (!pod.IsRunning || pod.GiveUpAt is not null) continue;
            var noise = Noise?.Of(pod.Ordinal, Time) ?? PodNoise.None;
            Add(SignalNames.Cpu, Math.Round(CpuMillicores(pod) * noise.Cpu) / 1000.0, pod.Name);
            if (TellsPodMemory) Add(SignalNames.Memory, Math.Round(MemoryKibibytes(pod) * noise.Memory) * 1024.0, pod.Name);
            if (!TellsPodTraffic) continue;
            var (errors, latency) = _traffic.Experience(pod);
            if (errors is { } share) Add(SignalNames.ErrorRatio, Thousandths(Math.Clamp(share + noise.Errors, 0, 1)), pod.Name);
            if (latency is { } seconds) Add(SignalNames.LatencyP95, Thousandths(seconds * noise.Latency), pod.Name);
        }

        if (count < samples.Length) Array.Resize(ref samples, count);
        return ImmutableCollectionsMarshal.AsImmutableArray(samples);
    }

    private long CpuMillicores(SimulatedPod pod) =>
        (long)Math.Round(Profile.CpuIdleMillicores + (Profile.CpuRequestMillicores - Profile.CpuIdleMillicores) * _traffic.Busy(pod));

    private long MemoryKibibytes(SimulatedPod pod) => (long)(Memory(pod) / 1024);

    private static double Thousandths(double value) => Math.Round(value * 1000) / 1000;

    private void DelayScrapes(ServiceFault fault)
    {
        _scrapeDelayTicks = Math.Max(1, (int)(fault.Magnitude / _tick.TotalSeconds));
        _scrapeDelayedUntil = Later(_scrapeDelayedUntil, Time + fault.Duration);
    }

    /// <summary>While scrapes are late, the queue holds the last ones: the oldest is what can be seen.</summary>
    private void RememberScrape()
    {
        if (_scrapeDelayTicks == 0) return;
        if (Time > _scrapeDelayedUntil)
        {
            _scrapeDelayTicks = 0;
            _scrapes.Clear();
            return;
        }

        _scrapes.Enqueue(Sample());
        while (_scrapes.Count > _scrapeDelayTicks + 1) _scrapes.Dequeue();
    }
}
