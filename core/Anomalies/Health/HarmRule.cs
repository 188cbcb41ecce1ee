using System.Globalization;
using ControlPlane.Core.Anomalies.Pods;
using ControlPlane.Core.Policies;

namespace ControlPlane.Core.Anomalies.Health;

/// <summary>Whether a pod does harm in a step, measured against its peers: being different alone is none.</summary>
internal readonly struct HarmRule
{
    private const double HungShare = 0.3;
    private const double BusyPeers = 0.25;

    private const double FailingShare = 0.5;

    /// <summary>Harm that is strong, and what a step of it counts while the workload keeps its objective.</summary>
    private const double Strong = 4;

    /// <summary>What a step counts at most: of a pod that fails altogether, or of strong harm while the workload misses its objective.</summary>
    private const double Most = 6;

    /// <summary>How many times longer weak harm must last that users hardly notice.</summary>
    private const double Patience = 3;

    /// <summary>A hint without traffic metrics; memory, which grows slowly.</summary>
    private const double Hint = 2;
    private const double Least = 1.5;
    private readonly PodVitals _vitals;
    private readonly double[] _peers;
    private readonly HealthOptions _options;
    private readonly double _objectiveSeconds;
    private readonly int _breachedSteps;

    public HarmRule(PodVitals vitals, ReadOnlySpan<bool> counts, double[] medians, HealthOptions options, ObjectivePolicy objective, int breachedSteps)
    {
        (_vitals, _options, _breachedSteps, _objectiveSeconds) = (vitals, options, breachedSteps, objective.Latency.TotalSeconds);
        var pods = 0;
        foreach (var isIn in counts) pods += isIn ? 1 : 0;
        NeedsVerdict = pods >= PodOutlierDetector.FewestPods;
        // Among two or three pods the median may be the faulty one: then the best of them is the peer.
        _peers = NeedsVerdict ? medians : Best(vitals, counts);
    }

    /// <summary>Whether there are enough pods for the detector to say who is apart.</summary>
    public bool NeedsVerdict { get; }

    /// <summary>The harm that a pod does in this step.</summary>
    /// <param name="pod">Its place in the reading.</param>
    /// <param name="isApart">Whether it is unlike its peers.</param>
    /// <param name="isNewcomer">Whether it has just become ready, or does harm since then.</param>
    public Harm Of(int pod, bool isApart, bool isNewcomer)
    {
        var (errors, latency, cpu, memory) = (_vitals[pod, PodVitals.Errors], _vitals[pod, PodVitals.Latency], _vitals[pod, PodVitals.Cpu], _vitals[pod, PodVitals.Memory]);
        var isIdle = cpu < HungShare * _peers[PodVitals.Cpu] && _peers[PodVitals.Cpu] >= BusyPeers;
        if (isIdle && errors >= FailingShare) return new Harm(PodFaultKind.Hung, Most);
        if (isIdle && double.IsNaN(latency) && double.IsNaN(errors)) return new Harm(PodFaultKind.Hung, Hint);
        var (failing, slowness) = ((errors - Known(_peers[PodVitals.Errors])) / _options.ErrorShare, latency / _peers[PodVitals.Latency] / _options.SlowFactor);
        if (!(latency > _objectiveSeconds && slowness >= 1)) slowness = 0;
        if (!(failing >= 1)) failing = 0;
        if (failing > 0 || slowness > 0)
            return new Harm(slowness > failing ? PodFaultKind.Slow : PodFaultKind.Errors, Weigh(failing, slowness, isNewcomer));
        if (memory >= _options.LeakLevel && memory - _peers[PodVitals.Memory] >= _options.LeakShare) return new Harm(PodFaultKind.MemoryLeak, Least);
        // Without traffic metrics of its own a pod that is unlike its peers while users suffer is the likely cause.
        return isApart && _breachedSteps >= _options.BreachedSteps && double.IsNaN(latency) && double.IsNaN(errors) ? new Harm(PodFaultKind.Slow, Hint) : default;
    }

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

    /// <summary>
    /// What a step of harm counts. What users hardly notice must last three times as long: pods have hiccups of minutes, though not from their first
    /// request on. A pod that is strongly slow or failing and the other as well fails altogether.
    /// </summary>
    private double Weigh(double failing, double slowness, bool isNewcomer)
    {
        var times = Math.Max(failing, slowness);
        if (times >= Strong && Math.Min(failing, slowness) >= 1) return Most;
        if (_breachedSteps > 0) return Math.Min(Most, times);
        return times >= Strong ? Strong : isNewcomer ? times : times / Patience;
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

/// <summary>Harm that a pod does in a step.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Amount">How many times it exceeds what is harmful, as far as it counts: 0.5 to 6; 0 for none.</param>
internal readonly record struct Harm(PodFaultKind Kind, double Amount);
