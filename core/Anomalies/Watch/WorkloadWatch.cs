using System.Collections.Immutable;
using System.Globalization;
using ControlPlane.Core.Anomalies.Series;
using ControlPlane.Core.Anomalies.Signals;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Anomalies.Watch;

/// <summary>
/// Watches a workload's signals: demand, utilization, errors and latency together on means of a minute, and the course of the demand alone
/// on means of five. Makes episodes of what is unusual and takes over what operators say of them. One pass, no look-ahead, bounded state;
/// it only reports: nothing is healed for it.
/// </summary>
public sealed class WorkloadWatch
{
    /// <summary>Anomalies that are kept.</summary>
    public const int Kept = 16;

    /// <summary>Kind of the anomalies of all signals together.</summary>
    public const string SignalsKind = "signals";

    /// <summary>Kind of the anomalies of the demand alone.</summary>
    public const string DemandKind = "demand";
    private const string Kind = "ANWA";
    private const ushort FormatVersion = WatchLine.FormatWithDays;

    /// <summary>Both detectors may be wrong; each has half of the false alarms.</summary>
    private const double Detectors = 2;
    private static readonly ImmutableArray<string> Signals = [SignalNames.Demand, "utilization", SignalNames.ErrorRatio, SignalNames.LatencyP95];
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);
    private static readonly TimeSpan SignalsInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan DemandInterval = TimeSpan.FromMinutes(5);
    private readonly WatchLine _signals;
    private readonly WatchLine _demand;
    private readonly double[] _values = new double[4];
    private readonly List<WatchedAnomaly> _anomalies = [];
    private long _newest;

    /// <param name="options">The rate of false alarms, above 0.</param>
    /// <param name="step">Length of a step, above 0.</param>
    public WorkloadWatch(WatchOptions options, TimeSpan step)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.FalseAlarmsPerMonth, nameof(options));
        Interval = IntervalOf(step);
        var (rate, demandInterval) = (options.FalseAlarmsPerMonth / Detectors, DemandInterval > Interval ? DemandInterval : Interval);
        _signals = new WatchLine(SignalsKind, Interval, new SignalsDetector(new SignalsDetectorOptions { Signals = Signals, Step = Interval, FalseAlarmsPerMonth = rate }), rate);
        _demand = new WatchLine(DemandKind, demandInterval, new CalibratedSeries(SignalNames.Demand, demandInterval, Math.Min(0.01, rate * (demandInterval / Month))), rate);
    }

    /// <summary>Length of the intervals over which the signals are averaged.</summary>
    public TimeSpan Interval { get; }

    /// <summary>What it knows.</summary>
    public WatchOverview Overview => new() { Detectors = [_signals.State, _demand.State], Anomalies = [.. _anomalies] };

    /// <summary>The interval of a watch over steps of a length: a minute, or the step when that is longer.</summary>
    public static TimeSpan IntervalOf(TimeSpan step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(step, TimeSpan.Zero);
        return step > SignalsInterval ? step : SignalsInterval;
    }

    /// <summary>Takes a step in; one that is no newer than the last changes nothing.</summary>
    /// <param name="observation">The step; what it does not know is neither healthy nor anomalous.</param>
    /// <returns>Reports of the episodes that opened or ended with it, usually none.</returns>
    public ImmutableArray<AnomalyReport> Update(Observation observation)
    {
        ArgumentNullException.ThrowIfNull(observation);
        if (observation.Time.UtcTicks <= _newest) return [];
        _newest = observation.Time.UtcTicks;
        // Of demand and latency the ratios count.
        var demand = observation.Demand is >= 0 and var known ? known : double.NaN;
        _values[0] = Math.Log(1 + demand);
        _values[1] = observation.Utilization ?? double.NaN;
        _values[2] = observation.ErrorRatio ?? double.NaN;
        _values[3] = observation.LatencyP95Seconds is > 0 and var latency ? Math.Log(latency) : double.NaN;
        ImmutableArray<AnomalyReport> reports = [];
        Follow(_signals, observation, _values, ref reports);
        Follow(_demand, observation, [demand], ref reports);
        return reports;
    }

    /// <summary>Takes over what an operator says of an anomaly: it moves the threshold of the detector that found it.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="isReal">Whether it was real.</param>
    /// <returns>The anomaly; null when it is not kept. Saying the same again changes nothing.</returns>
    public WatchedAnomaly? Label(string id, bool isReal)
    {
        var place = _anomalies.FindIndex(a => a.Id == id);
        if (place < 0) return null;
        if (_anomalies[place].IsReal == isReal) return _anomalies[place];
        (_anomalies[place].Kind == SignalsKind ? _signals : _demand).Label(isReal);
        return _anomalies[place] = _anomalies[place] with { IsReal = isReal };
    }

    /// <summary>The state as bytes.</summary>
    public byte[] Save()
    {
        var writer = new StateWriter(Kind, FormatVersion, 40 * 1024);
        writer.Write(Interval.Ticks);
        writer.Write(_newest);
        _signals.Save(writer);
        _demand.Save(writer);
        writer.Write(_anomalies.Count);
        foreach (var anomaly in _anomalies) WatchedAnomalyState.Save(writer, anomaly);
        return writer.ToBytes();
    }

    /// <summary>A watch that goes on from a state that <see cref="Save"/> wrote, at the step that it had.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such state.</exception>
    public static WorkloadWatch Load(ReadOnlySpan<byte> bytes, WatchOptions options)
    {
        var reader = new StateReader(bytes, Kind, FormatVersion, "a watch over signals");
        var interval = reader.ReadInt64();
        if (interval < SignalsInterval.Ticks || interval > TimeSpan.TicksPerDay) throw reader.Flaw("its interval is out of range");
        var watch = new WorkloadWatch(options, new TimeSpan(interval)) { _newest = reader.ReadInt64() };
        watch._signals.Load(ref reader);
        watch._demand.Load(ref reader);
        var count = reader.ReadCount(1);
        if (count > Kept) throw reader.Flaw("it keeps more anomalies than fit");
        for (var i = 0; i < count; i++) watch._anomalies.Add(WatchedAnomalyState.Load(ref reader));
        reader.End();
        return watch;
    }

    private void Follow(WatchLine line, Observation observation, ReadOnlySpan<double> values, ref ImmutableArray<AnomalyReport> reports)
    {
        if (line.Update(observation.Time, observation.Step, values, out var isNews) is not { } episode) return;
        Keep(line.Kind, episode);
        if (isNews) reports = reports.Add(EpisodeTracker.Report(observation.Workload, episode, line.Kind));
    }

    /// <summary>Keeps the newest view of an episode; the oldest makes room for a new one.</summary>
    private void Keep(string kind, AnomalyEpisode episode)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{kind}@{episode.Detected:yyyyMMdd'T'HHmmss'Z'}");
        var place = _anomalies.FindIndex(a => a.Id == id);
        if (place >= 0)
        {
            _anomalies[place] = _anomalies[place] with { Episode = episode };
            return;
        }

        if (_anomalies.Count == Kept) _anomalies.RemoveAt(Kept - 1);
        _anomalies.Insert(0, new WatchedAnomaly { Id = id, Kind = kind, Episode = episode });
    }
}
