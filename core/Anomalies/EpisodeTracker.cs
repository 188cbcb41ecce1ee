using System.Collections.Immutable;
using System.Globalization;
using ControlPlane.Core.Anomalies.Signals;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Anomalies;

/// <summary>
/// Makes episodes of verdicts: one opens when a score passes its threshold, began where the score rose above half of it, and is over
/// when the score has stayed below half for some steps. While one is open it is one cause, not a new alarm every step.
/// </summary>
/// <param name="signals">Names of the signals.</param>
/// <param name="quietSteps">Steps below half of the threshold after which an episode is over.</param>
public sealed class EpisodeTracker(IReadOnlyList<string> signals, int quietSteps = EpisodeTracker.DefaultQuietSteps)
{
    /// <summary>Default number of quiet steps.</summary>
    public const int DefaultQuietSteps = 10;
    private const double ElevatedShare = 0.5;
    private const string StateKind = "ANEP";
    private const ushort FormatVersion = 1;
    private readonly double[] _blame = new double[signals.Count];
    private int _quiet;
    private DateTimeOffset? _elevatedSince;
    private DateTimeOffset _lastElevated;
    private DateTimeOffset _detected;
    private double _peak;
    private double _threshold;

    /// <summary>Whether an episode goes on.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Takes a verdict in.</summary>
    /// <param name="time">Time of the step, UTC.</param>
    /// <param name="verdict">What the detector said; one that is unknown changes nothing.</param>
    /// <param name="blame">Blame of every signal in this step.</param>
    /// <returns>The episode that opened, goes on or ended with this step; null without one.</returns>
    public AnomalyEpisode? Update(DateTimeOffset time, SignalsVerdict verdict, ReadOnlySpan<double> blame)
    {
        if (verdict.Status != DetectorStatus.Ready) return IsOpen ? Describe(null) : null;
        var isElevated = verdict.Score > ElevatedShare * verdict.Threshold;
        if (isElevated) Elevate(time, verdict, blame);
        else _quiet++;
        if (verdict.IsAnomalous && !IsOpen)
        {
            // A spike without a rise has its start here.
            if (!isElevated) Elevate(time, verdict, blame);
            (IsOpen, _detected, _threshold) = (true, time, verdict.Threshold);
        }

        if (_quiet < quietSteps) return IsOpen ? Describe(null) : null;
        var ended = IsOpen ? Describe(_lastElevated) : null;
        Clear();
        return ended;
    }

    /// <summary>The report of an episode.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="episode">The episode.</param>
    /// <param name="kind">Kind of the report.</param>
    public static AnomalyReport Report(Workloads.WorkloadId workload, AnomalyEpisode episode, string kind = Watch.WorkloadWatch.SignalsKind)
    {
        ArgumentNullException.ThrowIfNull(episode);
        const int Named = 3;
        var culture = CultureInfo.InvariantCulture;
        return new AnomalyReport
        {
            Workload = workload,
            Time = episode.Ended ?? episode.Detected,
            Kind = kind,
            Score = episode.Peak,
            Threshold = episode.Threshold,
            Episode = episode,
            Evidence =
            [
                .. episode.Signals.Take(Named).Select(s => string.Create(culture, $"{s.Signal} carries {s.Share:P0} of it")),
                string.Create(culture, $"began {episode.Started:yyyy-MM-dd HH:mm:ss} UTC"),
                episode.Ended is { } end ? string.Create(culture, $"over since {end:yyyy-MM-dd HH:mm:ss} UTC") : "goes on",
            ],
        };
    }

    /// <summary>The state as bytes.</summary>
    public byte[] Save()
    {
        var writer = new StateWriter(StateKind, FormatVersion);
        writer.Write(_blame.Length);
        writer.Write((ReadOnlySpan<double>)_blame);
        writer.Write(_quiet);
        writer.Write(IsOpen);
        writer.Write(_elevatedSince?.UtcTicks ?? -1);
        writer.Write(_lastElevated.UtcTicks);
        writer.Write(_detected.UtcTicks);
        writer.Write(_peak);
        writer.Write(_threshold);
        return writer.ToBytes();
    }

    /// <summary>Takes over a state that <see cref="Save"/> wrote.</summary>
    /// <param name="bytes">The state of a tracker of as many signals.</param>
    /// <exception cref="InvalidDataException">The bytes are no such state.</exception>
    public void Load(ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes, StateKind, FormatVersion, "a tracker of episodes");
        if (reader.ReadInt32() != _blame.Length) throw reader.Flaw("it is of another number of signals");
        reader.Read(_blame);
        _quiet = reader.ReadInt32();
        IsOpen = reader.ReadBoolean();
        var since = reader.ReadInt64();
        var (last, detected) = (reader.ReadInt64(), reader.ReadInt64());
        if (Math.Max(since, Math.Max(last, detected)) > DateTime.MaxValue.Ticks || last < 0 || detected < 0) throw reader.Flaw("a time is out of range");
        _elevatedSince = since < 0 ? null : new DateTimeOffset(since, TimeSpan.Zero);
        (_lastElevated, _detected) = (new DateTimeOffset(last, TimeSpan.Zero), new DateTimeOffset(detected, TimeSpan.Zero));
        (_peak, _threshold) = (reader.ReadDouble(), reader.ReadDouble());
        reader.End();
    }

    private void Elevate(DateTimeOffset time, SignalsVerdict verdict, ReadOnlySpan<double> blame)
    {
        _quiet = 0;
        _elevatedSince ??= time;
        _lastElevated = time;
        _peak = Math.Max(_peak, verdict.Score);
        for (var k = 0; k < _blame.Length; k++) _blame[k] += blame[k];
    }

    private void Clear()
    {
        (IsOpen, _quiet, _elevatedSince, _peak) = (false, 0, null, 0);
        _blame.AsSpan().Clear();
    }

    private AnomalyEpisode Describe(DateTimeOffset? ended)
    {
        var sum = 0.0;
        foreach (var part in _blame) sum += part;
        var shares = sum > 0
            ? _blame.Select((part, k) => new SignalShare(signals[k], part / sum)).Where(s => s.Share > 0).OrderByDescending(s => s.Share).ThenBy(s => s.Signal, StringComparer.Ordinal).ToImmutableArray()
            : [];
        return new AnomalyEpisode { Started = _elevatedSince ?? _detected, Detected = _detected, Ended = ended, Peak = _peak, Threshold = _threshold, Signals = shares };
    }
}
