using ControlPlane.Core.Anomalies.Series;
using ControlPlane.Core.Anomalies.Thresholds;
using ControlPlane.Core.Anomalies.Watch;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Anomalies.Signals;

/// <summary>
/// Finds anomalies in several signals of a service together. Each signal has evidence against its own past; the strongest three count,
/// because an anomaly shows in several and noise in one. An autoencoder over a window of all adds what only their combination shows.
/// The threshold holds a stated rate of false alarms (SPOT). One pass, no look-ahead, deterministic, bounded state.
/// </summary>
public sealed class SignalsDetector : IWatchDetector
{
    private const string Kind = "ANSS";
    private const ushort FormatVersion = 1;
    private const int Strongest = 3;
    private const int ErrorKinds = 2;
    private const int Memory = 40_000;
    private const double LargestEvidence = 10;
    private const double LearntEvidence = 3;

    /// <summary>The score ends at 47. However wild the past, three signals beyond all that was seen are an anomaly.</summary>
    private const double LargestThreshold = 30;

    /// <summary>Evidence of 1 in 100 of both errors of the autoencoder is 4: signals that stand still have no more, and are no anomaly.</summary>
    private const double SmallestThreshold = 6;
    private const double ErrorResolution = 1e-3;

    /// <summary>Blame starts where evidence is beyond 1 in 100 and grows with its root: one extreme step must not hide the others.</summary>
    private const double BlamedEvidence = 2;
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);
    private static readonly double[] KindWeights = [1, 1, 0.7];
    private static readonly double[] ErrorWeights = [1, 1];
    private static readonly double[] ErrorShares = [1, 2.0 / 11];
    private readonly SignalsDetectorOptions _options;
    private readonly SignalTrack[] _tracks;
    private readonly WindowAutoencoder _autoencoder;
    private readonly TailCalibrator[] _errorTails = [.. Enumerable.Range(0, ErrorKinds).Select(_ => new TailCalibrator(Memory, ErrorResolution, 16, 4))];
    private readonly double[] _errorMeans = new double[ErrorKinds];
    private readonly SpotThreshold _spot;
    private readonly long _settlingSteps;
    private readonly long _learningSteps;
    private readonly double[] _evidence;
    private readonly double[] _blame;
    private readonly double[] _sorted;
    private long _steps;
    private double _factor = 1;

    /// <param name="options">Signals, scales and the false-alarm rate.</param>
    public SignalsDetector(SignalsDetectorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var count = options.Signals.IsDefault ? 0 : options.Signals.Length;
        if (count is < 1 or > SignalsDetectorOptions.MostSignals) throw new ArgumentException($"there are {count} signals; must be 1 to {SignalsDetectorOptions.MostSignals}", nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.Step, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Resolution, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.FalseAlarmsPerMonth, nameof(options));
        _options = options;
        _tracks = [.. options.Signals.Select(_ => new SignalTrack(options.Resolution))];
        _autoencoder = new WindowAutoencoder(count);
        _spot = new SpotThreshold(Math.Min(0.01, options.FalseAlarmsPerMonth * (options.Step / Month)));
        (_settlingSteps, _learningSteps) = ((long)(options.Settling / options.Step), (long)(options.Learning / options.Step));
        (_evidence, _blame, _sorted) = (new double[count * SignalTrack.Kinds], new double[count], new double[count]);
    }

    /// <summary>Names of the signals.</summary>
    public IReadOnlyList<string> Signals => _options.Signals;

    /// <summary>How much each signal is to blame for the last step, 0 or more, in the order of the signals; 0 for one that was missing.</summary>
    public ReadOnlySpan<double> Blame => _blame;

    double IWatchDetector.LargestThreshold => LargestThreshold;

    /// <summary>Takes over what an operator said so far.</summary>
    public void Apply(OperatorLabels labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        _factor = labels.Factor;
    }

    /// <summary>Takes a step in.</summary>
    /// <param name="time">Time of the step, UTC.</param>
    /// <param name="values">Value of every signal; one that is not finite is unknown, and skipped.</param>
    public SignalsVerdict Update(DateTimeOffset time, ReadOnlySpan<double> values)
    {
        if (values.Length != _tracks.Length) throw new ArgumentException($"there are {values.Length} values for {_tracks.Length} signals", nameof(values));
        _steps++;
        _blame.AsSpan().Clear();
        var known = Judge(time, values);
        if (known == 0) return SignalsVerdict.Unknown;
        var score = SignalScore(known) + CombinationScore(values);
        if (_steps <= 2 * _settlingSteps) return new SignalsVerdict(DetectorStatus.WarmingUp, score, double.PositiveInfinity, false);
        var threshold = Math.Clamp(_spot.Value, SmallestThreshold, LargestThreshold) * _factor;
        _spot.Next(score);
        return new SignalsVerdict(DetectorStatus.Ready, score, threshold, score > threshold);
    }

    /// <summary>The state as bytes.</summary>
    public byte[] Save()
    {
        var writer = new StateWriter(Kind, FormatVersion, 32 * 1024);
        writer.Write(_tracks.Length);
        writer.Write(_steps);
        writer.Write(_factor);
        foreach (var track in _tracks) track.Save(writer);
        _autoencoder.Save(writer);
        writer.Write((ReadOnlySpan<double>)_errorMeans);
        foreach (var tail in _errorTails) tail.Save(writer);
        _spot.Save(writer);
        return writer.ToBytes();
    }

    /// <summary>Takes over a state that <see cref="Save"/> wrote.</summary>
    /// <param name="bytes">The state of a detector with as many signals.</param>
    /// <exception cref="InvalidDataException">The bytes are no such state.</exception>
    public void Load(ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes, Kind, FormatVersion, "a detector of signals");
        if (reader.ReadInt32() != _tracks.Length) throw reader.Flaw("it is of another number of signals");
        (_steps, _factor) = (reader.ReadInt64(), reader.ReadDouble());
        if (_steps < 0 || !(_factor > 0)) throw reader.Flaw("its number of steps or its factor is not positive");
        foreach (var track in _tracks) track.Load(ref reader);
        _autoencoder.Load(ref reader);
        reader.Read(_errorMeans);
        foreach (var tail in _errorTails) tail.Load(ref reader);
        _spot.Load(ref reader);
        reader.End();
    }

    private bool IsSettled => _steps > _settlingSteps;

    private bool IsLearning => _steps <= _learningSteps;

    /// <summary>Fills evidence and blame; gives the number of known values.</summary>
    private int Judge(DateTimeOffset time, ReadOnlySpan<double> values)
    {
        var known = 0;
        for (var k = 0; k < values.Length; k++)
        {
            var evidence = _evidence.AsSpan(k * SignalTrack.Kinds, SignalTrack.Kinds);
            if (!double.IsFinite(values[k]))
            {
                evidence.Clear();
                continue;
            }

            known++;
            _tracks[k].Next(time, values[k], IsSettled, IsLearning, evidence);
            _blame[k] = Math.Sqrt(Math.Max(0, evidence[0] - BlamedEvidence));
        }

        return known;
    }

    /// <summary>For each kind of evidence the mean of the strongest signals.</summary>
    private double SignalScore(int known)
    {
        var (score, counted) = (0.0, Math.Min(Strongest, known));
        for (var kind = 0; kind < SignalTrack.Kinds; kind++)
        {
            for (var k = 0; k < _sorted.Length; k++) _sorted[k] = Math.Min(LargestEvidence, _evidence[k * SignalTrack.Kinds + kind]);
            _sorted.AsSpan().Sort();
            for (var q = 1; q <= counted; q++) score += KindWeights[kind] * _sorted[^q] / counted;
        }

        return score;
    }

    private double CombinationScore(ReadOnlySpan<double> values)
    {
        _autoencoder.Add(values);
        if (!_autoencoder.IsReady) return 0;
        var (score, error) = (0.0, _autoencoder.Error());
        for (var kind = 0; kind < ErrorKinds; kind++)
        {
            _errorMeans[kind] += ErrorShares[kind] * (error - _errorMeans[kind]);
            var evidence = _errorTails[kind].Evidence(_errorMeans[kind]);
            score += ErrorWeights[kind] * Math.Min(LargestEvidence, evidence);
            var isOrdinary = IsLearning || evidence < LearntEvidence;
            if (kind == 0 && isOrdinary) _autoencoder.Learn(_steps / (2.0 * Math.Max(1, _learningSteps)));
            // The autoencoder settles later than the means do.
            if (_steps > 2 * _settlingSteps && isOrdinary) _errorTails[kind].Add(_errorMeans[kind]);
        }

        return score;
    }
}
