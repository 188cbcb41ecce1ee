using ControlPlane.Core.Anomalies.Signals;
using ControlPlane.Core.Anomalies.Thresholds;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Anomalies.Watch;

/// <summary>
/// One detector of a watch with what belongs to it: the means that it is fed, the threshold that holds the rate of false alarms, its
/// episodes, and the labels of operators.
/// </summary>
/// <param name="kind">What it looks at, a stable lower-case word.</param>
/// <param name="interval">Length of a step of the detector.</param>
/// <param name="detector">The detector.</param>
/// <param name="falseAlarmsPerMonth">Episodes that are accepted of a healthy service in 30 days.</param>
internal sealed class WatchLine(string kind, TimeSpan interval, IWatchDetector detector, double falseAlarmsPerMonth)
{
    /// <summary>The format of the state that has the days' maxima.</summary>
    public const ushort FormatWithDays = 2;
    private readonly DailyMaxima _days = new(falseAlarmsPerMonth, interval);
    private readonly SignalMeans _means = new(detector.Signals.Count, interval);
    private readonly EpisodeTracker _tracker = new(detector.Signals);
    private readonly double[] _values = new double[detector.Signals.Count];
    private SignalsVerdict _last = new(DetectorStatus.WarmingUp, 0, double.PositiveInfinity, false);
    private OperatorLabels _labels = OperatorLabels.None;

    /// <summary>What it looks at.</summary>
    public string Kind => kind;

    /// <summary>How it stands.</summary>
    public DetectorState State => new()
    {
        Kind = kind,
        Status = _last.Status,
        Score = _last.Score,
        Threshold = double.IsFinite(_last.Threshold) ? _last.Threshold : null,
        Factor = _labels.Factor,
    };

    /// <summary>Takes a step in.</summary>
    /// <param name="time">End of the step, UTC.</param>
    /// <param name="step">Length of the step.</param>
    /// <param name="values">Value of every signal; one that is not finite is unknown.</param>
    /// <param name="isNews">Whether the episode opened or ended with this step.</param>
    /// <returns>The episode that opened, goes on or ended; null without one, and within an interval.</returns>
    public AnomalyEpisode? Update(DateTimeOffset time, TimeSpan step, ReadOnlySpan<double> values, out bool isNews)
    {
        isNews = false;
        if (_means.Add(time, step, values, _values) is not { } end) return null;
        _last = Hold(end, detector.Update(end, _values));
        var wasOpen = _tracker.IsOpen;
        var episode = _tracker.Update(end, _last, detector.Blame);
        isNews = wasOpen != _tracker.IsOpen;
        return episode;
    }

    /// <summary>Takes over what an operator said of an anomaly that it reported.</summary>
    public void Label(bool isReal)
    {
        _labels = isReal ? _labels.Confirm() : _labels.Dismiss();
        detector.Apply(_labels);
    }

    /// <summary>Appends the state.</summary>
    public void Save(StateWriter writer)
    {
        _means.Save(writer);
        writer.WriteBlock(_tracker.Save());
        writer.WriteBlock(detector.Save());
        writer.Write(_labels.Factor);
        writer.Write((int)_last.Status);
        writer.Write(_last.Score);
        writer.Write(_last.Threshold);
        _days.Save(writer);
    }

    /// <summary>Takes over what <see cref="Save"/> wrote.</summary>
    public void Load(ref StateReader reader)
    {
        _means.Load(ref reader);
        _tracker.Load(reader.ReadBlock());
        detector.Load(reader.ReadBlock());
        _labels = new OperatorLabels(reader.ReadDouble());
        if (!(_labels.Factor > 0)) throw reader.Flaw("a factor of labels is not positive");
        var status = (DetectorStatus)reader.ReadInt32();
        if (!Enum.IsDefined(status)) throw reader.Flaw("a detector has no such status");
        _last = new SignalsVerdict(status, reader.ReadDouble(), reader.ReadDouble(), false);
        if (reader.Version >= FormatWithDays) _days.Load(ref reader);
        detector.Apply(_labels);
    }

    /// <summary>
    /// Lets a score be an anomaly only when days seldom have one like it: the detector's own threshold takes successive steps to be independent.
    /// </summary>
    private SignalsVerdict Hold(DateTimeOffset time, SignalsVerdict verdict)
    {
        if (verdict.Status != DetectorStatus.Ready) return verdict;
        var threshold = Math.Max(verdict.Threshold, Math.Min(_days.Next(time, verdict.Score), detector.LargestThreshold) * _labels.Factor);
        return verdict with { Threshold = threshold, IsAnomalous = verdict.Score > threshold };
    }
}
