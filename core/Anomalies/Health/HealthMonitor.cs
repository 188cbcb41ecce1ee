using System.Collections.Immutable;
using System.Globalization;
using ControlPlane.Core.Anomalies.Pods;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;

namespace ControlPlane.Core.Anomalies.Health;

/// <summary>
/// Watches the pods of one workload, step by step: who restarts again and again, who is not ready any more, and who does harm while it is
/// unlike its peers. When many pods are concerned it names what is common to them instead. One pass, no look-ahead, bounded state; what is
/// unknown is neither healthy nor faulty. It keeps a few minutes of past, so after a restart it simply begins anew.
/// </summary>
/// <param name="options">When something counts; null: the defaults.</param>
public sealed class HealthMonitor(HealthOptions? options = null)
{
    /// <summary>Pods that are watched, by name; further ones are left out.</summary>
    public const int MostPods = PodOutlierDetector.MostPods;

    /// <summary>Steps that a pod must be apart from its peers before anything counts against it.</summary>
    private const int StepsApart = 2;

    /// <summary>Steps without pods or without a sample of this time after which the input is at fault.</summary>
    private const int BlindSteps = 4;

    /// <summary>Utilization beyond which missing the objective is a matter of replicas.</summary>
    private const double BusyUtilization = 0.8;

    /// <summary>How many times busier than usual pods are when their load explains what users miss, however busy that is.</summary>
    private const double BusierThanUsual = 1.5;

    /// <summary>Share of a step in what is usual.</summary>
    private const double UsualShare = 0.1;

    /// <summary>Steps that a pod must be ready before it carries its part of the load.</summary>
    private const int SettlingSteps = 2;

    /// <summary>Start-ups that a pod may be unready: start-up times vary, and a restart is over in one.</summary>
    private const double RestartFactor = 2;

    /// <summary>Start-ups that a new pod may take on a node that was in trouble.</summary>
    private const double SuspectFactor = 1.5;

    /// <summary>Start-ups that a first start may take.</summary>
    private const double StartFactor = 4;
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(3);
    private readonly HealthOptions _options = options ?? new HealthOptions();
    private readonly PodOutlierDetector _outliers = new(PodVitals.Resolutions, StepsApart);
    private readonly PodVitals _vitals = new();
    private readonly FreezeWatch _freeze = new();
    private readonly NodeWatch _nodes = new();
    private readonly double[] _medians = new double[PodVitals.Features];
    private List<PodLog> _logs = [];
    private List<PodLog> _spare = [];
    private bool[] _counts = [];
    private int _blindSteps;
    private int _breachedSteps;
    private int _calmSteps;
    private double _usualBusy = double.NaN;
    private bool _everHadSamples;

    /// <summary>Takes a step in.</summary>
    /// <param name="observation">The workload's step.</param>
    /// <param name="reading">What the collector saw; null when it saw nothing.</param>
    /// <param name="objective">What users are promised.</param>
    public HealthReport Update(Observation observation, WorkloadReading? reading, ObjectivePolicy objective)
    {
        ArgumentNullException.ThrowIfNull(observation);
        ArgumentNullException.ThrowIfNull(objective);
        if (reading?.Pods is not { } pods)
        {
            Look(observation, objective, double.NaN);
            _outliers.Update(observation.Time, [], []);
            return ++_blindSteps >= BlindSteps ? Blind("the pods are unknown") : Report([]);
        }

        Follow(observation.Time, pods);
        Look(observation, objective, Busy(observation));
        if (Look(observation.Time, pods, reading.Samples) is { } blind)
        {
            _outliers.Update(observation.Time, [], []);
            return blind;
        }

        var (faults, early) = Faults(observation, pods, objective);
        var report = CommonCauses.Judge(new CommonCauses.Scene(observation, _logs, faults, early, _outliers.IsCommonCause, _breachedSteps, IsShared(objective), _calmSteps, _nodes), _options);
        if (report.Cause == CommonCause.Node) _nodes.Remember(report.Node!, observation.Time);
        return report;
    }

    /// <summary>
    /// Counts steps that miss the objective, and those of them that neither load nor missing pods explain. Requests that waited since then are
    /// late afterwards too, so such a step starts the count anew.
    /// </summary>
    private void Look(Observation observation, ObjectivePolicy objective, double busy)
    {
        if (Objective.IsBreached(observation, objective) is not { } isBreached) return;
        _breachedSteps = isBreached ? _breachedSteps + 1 : 0;
        _calmSteps = isBreached && busy < BusyUtilization && !(busy > BusierThanUsual * _usualBusy) ? _calmSteps + 1 : 0;
        if (!isBreached && double.IsFinite(busy)) _usualBusy = double.IsNaN(_usualBusy) ? busy : _usualBusy + UsualShare * (busy - _usualBusy);
    }

    /// <summary>
    /// How busy the pods are that carry the load: those that start pull the mean down. Not a number when it is unknown, or nobody serves.
    /// </summary>
    private double Busy(Observation observation)
    {
        var serving = 0;
        foreach (var log in _logs)
            if (observation.Time - log.ReadySince >= SettlingSteps * observation.Step) serving++;
        return serving == 0 || observation.Utilization is not { } mean ? double.NaN : mean * Math.Max(_logs.Count, observation.CurrentReplicas ?? 0) / serving;
    }

    /// <summary>Whether most pods miss the objective; yes when the traffic of single pods is unknown.</summary>
    private bool IsShared(ObjectivePolicy objective)
    {
        var (latency, errors) = (_medians[PodVitals.Latency], _medians[PodVitals.Errors]);
        return double.IsNaN(latency) && double.IsNaN(errors) || latency > objective.Latency.TotalSeconds || errors > 1 - objective.Percentile;
    }

    private HealthReport Report(ImmutableArray<PodFault> faults) => faults.IsEmpty && _breachedSteps == 0
        ? HealthReport.Healthy
        : new HealthReport { Faults = faults, BreachedSteps = _breachedSteps };

    private HealthReport Blind(string evidence) => new() { Cause = CommonCause.Input, BreachedSteps = _breachedSteps, Evidence = evidence };

    /// <summary>Brings the logs in line with the pods, both in the order of the names.</summary>
    private void Follow(DateTimeOffset time, ImmutableArray<PodStatus> pods)
    {
        (_spare, _logs) = (_logs, _spare);
        _logs.Clear();
        var known = 0;
        for (var i = 0; i < Math.Min(pods.Length, MostPods); i++)
        {
            var pod = pods[i];
            while (known < _spare.Count && string.CompareOrdinal(_spare[known].Status.Name, pod.Name) < 0) known++;
            var log = known < _spare.Count && _spare[known].IsOf(pod) ? _spare[known] : new PodLog(pod);
            log.Next(time, pod);
            _logs.Add(log);
        }
    }

    /// <summary>Reads the samples; a report when nothing can be seen in them.</summary>
    private HealthReport? Look(DateTimeOffset time, ImmutableArray<PodStatus> pods, ImmutableArray<MetricSample> samples)
    {
        _vitals.Read(time, pods, samples, _options);
        var (fresh, stale) = _vitals.Samples;
        var isFrozen = _freeze.Next(fresh > 0 ? _vitals.Print : 0);
        _everHadSamples |= fresh > 0;
        // Pods that never told a metric are no news; their status speaks for itself.
        var isBlind = _everHadSamples && pods.Length > 0 && fresh <= stale;
        _blindSteps = isBlind ? _blindSteps + 1 : 0;
        if (isFrozen) return Blind("the pods' metrics repeat to the last digit though they used to change");
        // What is told again harms nobody again.
        if (!isBlind) return _freeze.IsRepeat && fresh > 0 ? Report([]) : null;
        if (_blindSteps < BlindSteps) return Report([]);
        return Blind(stale > 0 ? "the pods' metrics are of another time" : "the pods' metrics are missing");
    }

    /// <summary>Faults of pods, worst first, and those of pods that are too new to be judged alone.</summary>
    private (ImmutableArray<PodFault> Faults, ImmutableArray<PodFault> Early) Faults(Observation observation, ImmutableArray<PodStatus> pods, ObjectivePolicy objective)
    {
        var time = observation.Time;
        Count(time);
        for (var f = 0; f < PodVitals.Features; f++) _medians[f] = _vitals.Median(f, _counts);
        _vitals.Gather(pods, _counts, _medians);
        var verdicts = _outliers.Update(time, _vitals.Names, _vitals.Rows);
        _nodes.Look(observation, _logs);
        var harm = new HarmRule(_vitals, _counts, _medians, _options, objective, _breachedSteps);
        List<PodFault>? faults = null, early = null;
        for (var i = 0; i < _logs.Count; i++)
        {
            var log = _logs[i];
            var verdict = Find(verdicts, log.Status.Name);
            // A pod that stops being ready while it does harm has been in trouble since the harm began.
            if (_counts[i]) log.Judge(time, harm.Of(i, verdict is not null, IsNewcomer(log, time)));
            else if (log.ReadySince is not null) log.Forgive();
            if (Fault(observation, log, i, verdict, harm) is not { } fault) continue;
            if (fault.Kind != PodFaultKind.CrashLoop && log.ReadySince is { } since && time - since < _options.WarmUp) (early ??= []).Add(fault);
            else (faults ??= []).Add(fault);
        }

        return (Sorted(faults), Sorted(early));
    }

    /// <summary>
    /// Says which pods are compared. Of one that has just become ready only the errors are: caches are cold, and that makes it slow, not wrong.
    /// </summary>
    private void Count(DateTimeOffset time)
    {
        if (_counts.Length != _logs.Count) _counts = new bool[_logs.Count];
        for (var i = 0; i < _logs.Count; i++)
            _counts[i] = _logs[i].ReadySince is { } since && (time - since >= _options.WarmUp || _vitals.KeepErrors(i));
    }

    /// <summary>Whether a pod has just become ready, or does harm since then.</summary>
    private bool IsNewcomer(PodLog log, DateTimeOffset time) => (log.Harm > 0 ? log.HarmfulSince : time) - log.ReadySince < _options.WarmUp;

    private static ImmutableArray<PodFault> Sorted(List<PodFault>? faults)
    {
        if (faults is null) return [];
        faults.Sort((a, b) => a.Kind != b.Kind ? b.Kind.CompareTo(a.Kind) : a.Score != b.Score ? b.Score.CompareTo(a.Score) : string.CompareOrdinal(a.Pod, b.Pod));
        return [.. faults];
    }

    private PodFault? Fault(Observation observation, PodLog log, int pod, PodVerdict? verdict, in HarmRule harm)
    {
        var time = observation.Time;
        if (log.Status.IsTerminating) return null;
        if (log.RestartsSince(time - _options.CrashWindow) >= _options.CrashRestarts)
            return Make(log, PodFaultKind.CrashLoop, log.FirstOfTwoRestarts > DateTimeOffset.MinValue ? log.FirstOfTwoRestarts : time, 0, $"{log.Status.RestartCount} restarts{(log.Status.LastTermination is { } why ? $", the last container ended with {why}" : "")}");
        if (log.ReadySince is null) return Unready(observation, log);

        if (log.IsHarmful && log.Harm >= _options.HarmNeeded && (verdict is not null || !harm.NeedsVerdict))
            return Make(log, log.Kind, log.HarmfulSince, verdict?.Score ?? 0, harm.Evidence(pod, log.Kind));
        if (verdict is { } odd && (time - odd.Since) >= _options.OddSteps * observation.Step)
            return Make(log, PodFaultKind.Odd, odd.Since, odd.Score, harm.Evidence(pod, PodFaultKind.Odd));
        return null;
    }

    /// <summary>A pod that is not ready: for longer than a restart takes, or, when it never was, than a start does.</summary>
    private PodFault? Unready(Observation observation, PodLog log)
    {
        var (time, startup) = (observation.Time, observation.StartupSeconds);
        if (log.TroubleSince is { } since)
        {
            var patience = _nodes.IsUnready(log.Status.Node) ? 0 : Math.Max(_options.UnreadyAtLeast.TotalSeconds, RestartFactor * (startup ?? 0));
            return (time - since).TotalSeconds < patience ? null
                : Make(log, PodFaultKind.NotReady, since, 0, string.Create(CultureInfo.InvariantCulture, $"in trouble for {(time - since).TotalSeconds:0} s and not ready"));
        }

        // A pod without a node waits for room; one that starts for the first time may have a large image to fetch.
        if (log.Status is not { Node: { } node, CreatedAt: { } created } || startup is null) return null;
        var longest = _nodes.IsBad(node, time) ? SuspectFactor * startup.Value : Math.Max(LongestStart.TotalSeconds, StartFactor * startup.Value);
        return (time - created).TotalSeconds < longest ? null
            : Make(log, PodFaultKind.NotReady, created, 0, string.Create(CultureInfo.InvariantCulture, $"not ready {(time - created).TotalSeconds:0} s after its creation, others take {startup:0} s"));
    }

    private static PodVerdict? Find(ImmutableArray<PodVerdict> verdicts, string pod)
    {
        foreach (var verdict in verdicts)
            if (verdict.Pod == pod) return verdict;
        return null;
    }

    private static PodFault Make(PodLog log, PodFaultKind kind, DateTimeOffset since, double score, string evidence) => new()
    {
        Pod = log.Status.Name,
        CreatedAt = log.Status.CreatedAt,
        Node = log.Status.Node,
        Kind = kind,
        Since = since,
        IsReady = log.ReadySince is not null,
        Score = score,
        Evidence = $"{log.Status.Name}: {evidence}",
    };
}
