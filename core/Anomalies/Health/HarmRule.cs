using System.Globalization;
using ControlPlane.Core.Anomalies.Pods;
using ControlPlane.Core.Policies;

namespace ControlPlane.Core.Anomalies.Health;

/// <summary>Whether a pod does harm in a step, measured against its peers: being different alone is none.</summary>
internal readonly struct HarmRule
{
    private const double HungShare = 0.3;
    private const double BusyPeers = 0.25;

    /// <summary>Memory grows slowly and CPU says little: both need more steps than errors and waiting do.</summary>
    private const int SlowSigns = 2;
    private readonly PodVitals _vitals;
    private readonly double[] _peers;
    private readonly HealthOptions _options;
    private readonly double _objectiveSeconds;
    private readonly bool _isBreached;

    public HarmRule(PodVitals vitals, ReadOnlySpan<bool> counts, double[] medians, HealthOptions options, ObjectivePolicy objective, bool isBreached)
    {
        (_vitals, _options, _isBreached, _objectiveSeconds) = (vitals, options, isBreached, objective.Latency.TotalSeconds);
        var pods = 0;
        foreach (var isIn in counts) pods += isIn ? 1 : 0;
        NeedsVerdict = pods >= PodOutlierDetector.FewestPods;
        // Among two or three pods the median may be the faulty one: then the best of them is the peer.
        _peers = NeedsVerdict ? medians : Best(vitals, counts);
    }

    /// <summary>Whether there are enough pods for the detector to say who is apart.</summary>
    public bool NeedsVerdict { get; }

    /// <summary>The harm that a pod does; null when none.</summary>
    /// <param name="pod">Its place in the reading.</param>
    /// <param name="isApart">Whether it is unlike its peers.</param>
    public PodFaultKind? Of(int pod, bool isApart)
    {
        var (errors, latency, cpu, memory) = (_vitals[pod, PodVitals.Errors], _vitals[pod, PodVitals.Latency], _vitals[pod, PodVitals.Cpu], _vitals[pod, PodVitals.Memory]);
        var isIdle = cpu < HungShare * _peers[PodVitals.Cpu] && _peers[PodVitals.Cpu] >= BusyPeers;
        if (isIdle && (double.IsNaN(latency) || errors >= 0.5)) return PodFaultKind.Hung;
        if (errors - Known(_peers[PodVitals.Errors]) >= _options.ErrorShare) return PodFaultKind.Errors;
        if (latency > _objectiveSeconds && latency >= _options.SlowFactor * _peers[PodVitals.Latency]) return PodFaultKind.Slow;
        if (memory >= _options.LeakLevel && memory - _peers[PodVitals.Memory] >= _options.LeakShare) return PodFaultKind.MemoryLeak;
        // Without traffic metrics of its own a pod that is unlike its peers while users suffer is the likely cause.
        return isApart && _isBreached && double.IsNaN(latency) && double.IsNaN(errors) ? PodFaultKind.Slow : null;
    }

    /// <summary>Steps in a row that a harm must last.</summary>
    public int StepsFor(int pod, PodFaultKind kind) => kind == PodFaultKind.MemoryLeak || kind == PodFaultKind.Hung && double.IsNaN(_vitals[pod, PodVitals.Errors])
        ? SlowSigns * _options.HarmfulSteps
        : _options.HarmfulSteps;

    /// <summary>What a pod shows beside its peers, as a sentence.</summary>
    public string Evidence(int pod, PodFaultKind kind)
    {
        var (feature, name, unit) = kind switch
        {
            PodFaultKind.Errors => (PodVitals.Errors, "share of errors", ""),
            PodFaultKind.Slow => double.IsNaN(_vitals[pod, PodVitals.Latency]) ? (PodVitals.Cpu, "CPU ÷ request", "") : (PodVitals.Latency, "95th percentile of the response time", " s"),
            PodFaultKind.MemoryLeak => (PodVitals.Memory, "memory ÷ request", ""),
            _ => (PodVitals.Cpu, "CPU ÷ request", ""),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{name} {_vitals[pod, feature]:0.###}{unit}, its peers' {_peers[feature]:0.###}{unit}");
    }

    private static double Known(double value) => double.IsNaN(value) ? 0 : value;

    /// <summary>Of each feature what a healthy pod has: least errors and waiting, most work, least memory.</summary>
    private static double[] Best(PodVitals vitals, ReadOnlySpan<bool> counts)
    {
        double[] best = [double.NaN, double.NaN, double.NaN, double.NaN];
        for (var i = 0; i < counts.Length; i++)
        {
            if (!counts[i]) continue;
            for (var f = 0; f < PodVitals.Features; f++)
            {
                var value = vitals[i, f];
                var isBetter = f == PodVitals.Cpu ? value > best[f] : value < best[f];
                if (isBetter || double.IsNaN(best[f])) best[f] = value;
            }
        }

        return best;
    }
}
