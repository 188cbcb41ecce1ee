using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Anomalies.Thresholds;

/// <summary>
/// A threshold that a stationary stream exceeds with a stated probability, from the distribution of its largest values: SPOT (Siffer et
/// al., "Anomaly Detection in Streams with Extreme Value Theory", KDD 2017). The newest peaks are kept, a bounded number. Unlike in
/// the paper the first alarm of a run is learnt from as well, bounded: peaks without the largest would lower the threshold step by step.
/// </summary>
internal sealed class SpotThreshold
{
    /// <summary>Values that it starts from.</summary>
    public const int Calibration = 512;
    private const int PeaksAtMost = 128;
    private const double PeakShare = 0.02;

    /// <summary>An alarm is learnt as if it were at most so many times as far above the base as the threshold.</summary>
    private const double LargestLearnt = 2;
    private readonly double _probability;
    private double[] _peaks = [];
    private float[] _calibration = [];
    private long _values;
    private long _peakCount;
    private double _base;
    private GeneralizedPareto _fit;
    private bool _isAlarming;

    /// <param name="probability">Probability of a false alarm at a step, in (0, 0.02).</param>
    public SpotThreshold(double probability)
    {
        if (!(probability > 0 && probability < PeakShare)) throw new ArgumentOutOfRangeException(nameof(probability), probability, $"must be in (0, {PeakShare})");
        _probability = probability;
    }

    /// <summary>The threshold; infinite until there are enough values.</summary>
    public double Value { get; private set; } = double.PositiveInfinity;

    /// <summary>Takes a value in; one above the threshold is an alarm, and a run of alarms counts as one peak.</summary>
    /// <param name="value">The value; one that is not finite is skipped.</param>
    /// <returns>Whether it is above the threshold.</returns>
    public bool Next(double value)
    {
        if (!double.IsFinite(value)) return false;
        if (value > Value)
        {
            if (!_isAlarming) Learn(Math.Min(value, _base + LargestLearnt * (Value - _base)));
            return _isAlarming = true;
        }

        _isAlarming = false;
        if (_values < Calibration)
        {
            if (_calibration.Length == 0) _calibration = new float[Calibration];
            _calibration[_values++] = RoundUp(value);
            if (_values == Calibration) Start();
            return false;
        }

        Learn(value);
        return false;
    }

    /// <summary>Appends the state.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(_values);
        writer.Write(_peakCount);
        writer.Write(_base);
        writer.Write(Value);
        writer.Write(_isAlarming);
        writer.Write(_fit.Shape);
        writer.Write(_fit.Scale);
        writer.Write((ReadOnlySpan<float>)_calibration.AsSpan(0, (int)Math.Min(_values, _calibration.Length)));
        writer.Write((ReadOnlySpan<double>)_peaks.AsSpan(0, (int)Math.Min(_peakCount, PeaksAtMost)));
    }

    /// <summary>Takes over what <see cref="Save"/> wrote.</summary>
    public void Load(ref StateReader reader)
    {
        (_values, _peakCount, _base, Value) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadDouble(), reader.ReadDouble());
        _isAlarming = reader.ReadBoolean();
        if (_values < 0 || _peakCount < 0 || _peakCount > _values || _values < Calibration && _peakCount > 0) throw reader.Flaw("a threshold has more peaks than values");
        _fit = new GeneralizedPareto(reader.ReadDouble(), reader.ReadDouble());
        _calibration = _values is > 0 and < Calibration ? new float[Calibration] : [];
        _peaks = _values < Calibration ? [] : new double[PeaksAtMost];
        reader.Read(_calibration.AsSpan(0, (int)Math.Min(_values, _calibration.Length)));
        reader.Read(_peaks.AsSpan(0, (int)Math.Min(_peakCount, PeaksAtMost)));
    }

    /// <summary>Never down: a value that never varies must not be above itself.</summary>
    private static float RoundUp(double value)
    {
        var rounded = (float)Math.Min(value, float.MaxValue);
        return rounded < value && rounded < float.MaxValue ? MathF.BitIncrement(rounded) : rounded;
    }

    private void Start()
    {
        var sorted = _calibration;
        Array.Sort(sorted);
        _base = sorted[(int)((1 - PeakShare) * Calibration)];
        _peaks = new double[PeaksAtMost];
        foreach (var value in sorted)
        {
            if (value > _base) _peaks[_peakCount++] = value - _base;
        }

        _calibration = [];
        Place(GeneralizedPareto.Fit(_peaks.AsSpan(0, (int)_peakCount)));
    }

    private void Learn(double value)
    {
        _values++;
        if (value <= _base)
        {
            if (_peakCount > 0) Place(null);
            return;
        }

        _peaks[_peakCount++ % PeaksAtMost] = value - _base;
        Place(GeneralizedPareto.Fit(_peaks.AsSpan(0, (int)Math.Min(_peakCount, PeaksAtMost))));
    }

    private void Place(GeneralizedPareto? fit)
    {
        _fit = fit ?? _fit;
        // Values that never vary have no peaks: whatever is above them is new.
        Value = _peakCount == 0 ? _base : _base + Math.Max(0, _fit.Quantile(Math.Min(1, _probability * _values / _peakCount)));
    }
}
