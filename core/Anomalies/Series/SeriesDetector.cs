using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Anomalies.Series;

/// <summary>
/// Finds anomalies in one signal as it comes: several detectors turn each value into evidence in powers of ten, their weighted sum is
/// the score, and an <see cref="AlarmPolicy"/> decides. One pass, no look-ahead, deterministic; about 24 KiB of state.
/// </summary>
public sealed class SeriesDetector
{
    /// <summary>Number of detectors.</summary>
    public const int Parts = 9;
    private const string Kind = "ANSD";
    private const ushort FormatVersion = 1;
    private const double LargestEvidence = 10;
    private const double LargestValue = 1e15;
    private const double SmallestUnit = 1e-9;
    private static readonly double[] Weights = [0.35, 0.35, 0.7, 0.35, 0.4, 0.35, 1.7, 0.7, 0.3];
    private readonly SeriesDetectorOptions _options;
    private readonly SeasonalResidual _season = new(0.1, 6);
    private readonly SeasonalResidual _slowSeason = new(0.005, 3);
    private readonly BlockNovelty _course;
    private readonly BlockNovelty _coarseCourse;
    private readonly RankSample _ranks = new();
    private readonly ContextTree _order = new();
    private readonly NgramNovelty _levels;
    private readonly NgramNovelty _successiveLevels;
    private readonly LowRecord _low = new();
    private readonly TailCalibrator[] _tails = [.. Enumerable.Range(0, 6).Select(_ => new TailCalibrator(ushort.MaxValue, 0, 32, 6))];
    private readonly AlarmPolicy _policy;
    private readonly double[] _contributions = new double[Parts];
    private double[] _warmUp;
    private int _steps;
    private double _first;

    /// <param name="options">Scales and threshold.</param>
    public SeriesDetector(SeriesDetectorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.WarmUpSteps, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.WarmUpSteps, 750, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Threshold, nameof(options));
        _options = options;
        _course = new BlockNovelty(options.Block, 8);
        _coarseCourse = new BlockNovelty(3 * options.Block, 4);
        _levels = new NgramNovelty(16, 4, options.Block, takesLargest: false);
        _successiveLevels = new NgramNovelty(8, 5, 1, takesLargest: true);
        _policy = new AlarmPolicy(options.Threshold, (int)(0.3 * options.WarmUpSteps), 4.0 * options.WarmUpSteps);
        _warmUp = new double[options.WarmUpSteps];
    }

    /// <summary>What each part added to the last score, in the order of <see cref="SeriesPart"/>; it sums to the score.</summary>
    public ReadOnlySpan<double> Contributions => _contributions;

    /// <summary>The threshold without recent alarms; an operator's labels may move it. Above 0.</summary>
    public double Threshold
    {
        get => _policy.Base;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            _policy.Base = value;
        }
    }

    /// <summary>Takes the next value in.</summary>
    /// <param name="time">Time of the value, UTC.</param>
    /// <param name="value">The value; one that is null or not finite is unknown: it is skipped and changes nothing.</param>
    public SeriesVerdict Update(DateTimeOffset time, double? value)
    {
        if (value is not { } x || !double.IsFinite(x)) return SeriesVerdict.Unknown;
        if (_steps == 0) _first = x;
        Judge(time, x);
        if (_steps < int.MaxValue) _steps++;
        if (_steps <= _options.WarmUpSteps)
        {
            _warmUp[_steps - 1] = x;
            if (_steps == _options.WarmUpSteps) EndWarmUp();
            return new SeriesVerdict(DetectorStatus.WarmingUp, 0, double.PositiveInfinity, false);
        }

        var score = 0.0;
        foreach (var part in _contributions) score += part;
        var isAlarm = _policy.Next(score, out var threshold);
        return new SeriesVerdict(DetectorStatus.Ready, score, threshold, isAlarm);
    }

    /// <summary>The state as bytes.</summary>
    public byte[] Save()
    {
        var writer = new StateWriter(Kind, FormatVersion, 32 * 1024);
        writer.Write(_options.WarmUpSteps);
        writer.Write(_steps);
        writer.Write(_first);
        writer.Write((ReadOnlySpan<double>)_warmUp.AsSpan(0, Math.Min(_steps, _warmUp.Length)));
        _season.Save(writer);
        _slowSeason.Save(writer);
        _course.Save(writer);
        _coarseCourse.Save(writer);
        _ranks.Save(writer);
        _order.Save(writer);
        _levels.Save(writer);
        _successiveLevels.Save(writer);
        _low.Save(writer);
        foreach (var tail in _tails) tail.Save(writer);
        _policy.Save(writer);
        return writer.ToBytes();
    }

    /// <summary>Takes over a state that <see cref="Save"/> wrote.</summary>
    /// <param name="bytes">The state of a detector with the same warm-up.</param>
    /// <exception cref="InvalidDataException">The bytes are no such state.</exception>
    public void Load(ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes, Kind, FormatVersion, "a series detector");
        if (reader.ReadInt32() != _options.WarmUpSteps) throw reader.Flaw("it is of a detector with another warm-up");
        _steps = reader.ReadInt32();
        if (_steps < 0) throw reader.Flaw("its number of steps is negative");
        _first = reader.ReadDouble();
        _warmUp = _steps < _options.WarmUpSteps ? new double[_options.WarmUpSteps] : [];
        reader.Read(_warmUp.AsSpan(0, Math.Min(_steps, _warmUp.Length)));
        _season.Load(ref reader);
        _slowSeason.Load(ref reader);
        _course.Load(ref reader);
        _coarseCourse.Load(ref reader);
        _ranks.Load(ref reader);
        _order.Load(ref reader);
        _levels.Load(ref reader);
        _successiveLevels.Load(ref reader);
        _low.Load(ref reader);
        foreach (var tail in _tails) tail.Load(ref reader);
        _policy.Load(ref reader);
        reader.End();
    }

    private void Judge(DateTimeOffset time, double x)
    {
        // Single precision is enough once the level and the unit are taken out.
        var unit = Math.Abs(_first) > SmallestUnit ? Math.Abs(_first) : 1;
        var scaled = (float)Math.Clamp((x - _first) / unit, -LargestValue, LargestValue);
        _course.Add(scaled);
        _coarseCourse.Add(scaled);
        var rank = _ranks.Rank(scaled);
        _ranks.Add(scaled);
        Weigh(SeriesPart.Season, Tail(0, Math.Abs(_season.Next(time, x))));
        Weigh(SeriesPart.SlowSeason, Tail(1, Math.Abs(_slowSeason.Next(time, x))));
        Weigh(SeriesPart.ShortCourse, Tail(2, _course.Novelty(4)));
        Weigh(SeriesPart.LongCourse, Tail(3, _course.Novelty(8)));
        Weigh(SeriesPart.CoarseCourse, Tail(4, _coarseCourse.Novelty(4)));
        Weigh(SeriesPart.Order, Tail(5, _order.Next(Math.Min(ContextTree.Symbols - 1, (int)(ContextTree.Symbols * rank)))));
        Weigh(SeriesPart.Low, _low.Next(x));
        if (_steps < _options.WarmUpSteps) return;
        Weigh(SeriesPart.Levels, _levels.Next(x));
        Weigh(SeriesPart.SuccessiveLevels, _successiveLevels.Next(x));
    }

    private double Tail(int tail, double residual)
    {
        var evidence = _tails[tail].Evidence(residual);
        _tails[tail].Add(residual);
        return evidence;
    }

    private void Weigh(SeriesPart part, double evidence) => _contributions[(int)part] = Weights[(int)part] * Math.Min(evidence, LargestEvidence);

    /// <summary>The range of levels is known only now: what was seen is shown to the level detectors once.</summary>
    private void EndWarmUp()
    {
        var (lowest, highest) = (_warmUp.Min(), _warmUp.Max());
        foreach (var levels in (ReadOnlySpan<NgramNovelty>)[_levels, _successiveLevels])
        {
            levels.SetRange(lowest, highest);
            foreach (var x in _warmUp) levels.Next(x);
        }

        _warmUp = [];
    }
}
