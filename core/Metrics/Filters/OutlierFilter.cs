using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Metrics.Filters;

/// <summary>
/// Replaces single wild values by the nearest value that is not one, for the models only. Looks at a rolling window of raw values; after
/// a number of outliers in a row it takes them for the new level (a sustained change is news, not noise).
/// </summary>
public sealed class OutlierFilter
{
    private const double FenceFactor = 3;
    private const double HampelFactor = 6;

    /// <summary>Standard deviation ÷ median absolute deviation of a normal distribution.</summary>
    private const double DeviationScale = 1.4826;

    /// <summary>Least half-width of the accepted band as a share of the median, so that a constant signal may move a little.</summary>
    private const double LeastBand = 0.5;

    private readonly OutlierMethod _method;
    private readonly int _patience;
    private readonly double[] _window;

    /// <summary>The same values in ascending order; kept so, because sorting them anew at every step costs more than everything else here.</summary>
    private readonly double[] _sorted;
    private int _count;
    private int _next;
    private int _inARow;

    /// <summary>A filter that has seen nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The window is shorter than 8 values.</exception>
    public OutlierFilter(IntakeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.OutlierWindow, 8);
        _method = options.Outliers;
        _patience = options.OutlierPatience;
        _window = new double[options.OutlierWindow];
        _sorted = new double[options.OutlierWindow];
    }

    /// <summary>Values replaced since the start.</summary>
    public long Replaced { get; private set; }

    /// <summary>The value for the models: the value itself, or the nearer end of the accepted band. Null stays null.</summary>
    public double? Filter(double? value)
    {
        if (value is not { } raw || !double.IsFinite(raw)) return null;
        var (low, high) = Band();
        Remember(raw);
        if (raw >= low && raw <= high)
        {
            _inARow = 0;
            return raw;
        }

        if (++_inARow > _patience) return raw;
        Replaced++;
        return Math.Clamp(raw, low, high);
    }

    internal void Save(StateWriter writer)
    {
        writer.Write(_count);
        writer.Write(_inARow);
        for (var i = _count; i > 0; i--) writer.Write(_window[(_next - i + _window.Length) % _window.Length]);
    }

    internal void Load(ref StateReader reader)
    {
        var count = reader.ReadCount(sizeof(double));
        var inARow = reader.ReadInt32();
        (_count, _next) = (0, 0);
        for (var i = 0; i < count; i++) Remember(reader.ReadDouble());
        _inARow = inARow;
    }

    private void Remember(double value)
    {
        if (_count == _window.Length) TakeOut(_window[_next]);
        _window[_next] = value;
        _next = (_next + 1) % _window.Length;
        PutIn(value);
    }

    private void PutIn(double value)
    {
        var place = _count;
        for (; place > 0 && _sorted[place - 1] > value; place--) _sorted[place] = _sorted[place - 1];
        _sorted[place] = value;
        _count++;
    }

    private void TakeOut(double value)
    {
        var place = _sorted.AsSpan(0, _count).IndexOf(value);
        _sorted.AsSpan(place + 1, _count - place - 1).CopyTo(_sorted.AsSpan(place));
        _count--;
    }

    private (double Low, double High) Band()
    {
        if (_method == OutlierMethod.None || _count < _window.Length / 2) return (double.NegativeInfinity, double.PositiveInfinity);
        ReadOnlySpan<double> sorted = _sorted.AsSpan(0, _count);
        return _method == OutlierMethod.Hampel ? HampelBand(sorted) : FenceBand(sorted);
    }

    private static (double Low, double High) FenceBand(ReadOnlySpan<double> sorted)
    {
        var (q1, q3) = (sorted[sorted.Length / 4], sorted[sorted.Length * 3 / 4]);
        var least = LeastBand * Math.Abs(sorted[sorted.Length / 2]);
        var width = FenceFactor * (q3 - q1);
        return (q1 - Math.Max(width, least), q3 + Math.Max(width, least));
    }

    private static (double Low, double High) HampelBand(ReadOnlySpan<double> sorted)
    {
        var median = sorted[sorted.Length / 2];
        double[] deviations = [.. sorted];
        foreach (ref var value in deviations.AsSpan()) value = Math.Abs(value - median);
        deviations.AsSpan().Sort();
        var width = Math.Max(HampelFactor * DeviationScale * deviations[sorted.Length / 2], LeastBand * Math.Abs(median));
        return (median - width, median + width);
    }
}
