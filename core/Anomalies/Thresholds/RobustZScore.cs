using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Anomalies.Thresholds;

/// <summary>
/// Distance of a value from the median of the last ones in units of their median absolute deviation, scaled to that of a normal
/// distribution (Iglewicz and Hoaglin, 1993). Up to half of the window may be anomalous.
/// </summary>
internal sealed class RobustZScore
{
    private const double NormalScale = 1.4826;
    private const int FewestValues = 8;
    private readonly double[] _window;
    private readonly double[] _sorted;
    private readonly double _resolution;
    private long _count;

    /// <param name="window">Values that it looks back at.</param>
    /// <param name="resolution">Least deviation that counts as one unit: the spread of a signal that hardly varies is not 0.</param>
    public RobustZScore(int window, double resolution)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, FewestValues);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(resolution);
        (_window, _sorted, _resolution) = (new double[window], new double[window], resolution);
    }

    /// <summary>Gives the signed distance of a value from those before it and takes it in.</summary>
    /// <returns>0 while there are fewer than 8 values; NaN for a value that is not finite, which is skipped.</returns>
    public double Next(double value)
    {
        if (!double.IsFinite(value)) return double.NaN;
        var score = _count < FewestValues ? 0 : Score(value);
        _window[_count++ % _window.Length] = value;
        return score;
    }

    /// <summary>Median of some finite values, which it puts into another order; the mean of the middle two when they are even.</summary>
    internal static double Median(Span<double> values)
    {
        var middle = values.Length / 2;
        var upper = Select(values, middle);
        if (values.Length % 2 == 1) return upper;
        var (smaller, lower) = (0, double.NegativeInfinity);
        foreach (var value in values)
        {
            smaller += value < upper ? 1 : 0;
            lower = Math.Max(lower, value < upper ? value : double.NegativeInfinity);
        }

        return ((smaller == middle ? lower : upper) + upper) / 2;
    }

    /// <summary>
    /// The value that a sorted order would have at a place (Hoare's FIND, 1961). Values move whether they have to or not: on values without
    /// an order a branch for each is guessed wrong half of the time, which costs more than all the rest.
    /// </summary>
    private static double Select(Span<double> values, int place)
    {
        while (true)
        {
            var pivot = Middle(values[0], values[values.Length / 2], values[^1]);
            var (smaller, equal) = (0, 0);
            for (var i = 0; i < values.Length; i++)
            {
                var value = values[i];
                values[i] = values[smaller];
                values[smaller] = value;
                smaller += value < pivot ? 1 : 0;
                equal += value == pivot ? 1 : 0;
            }

            if (place < smaller)
            {
                values = values[..smaller];
                continue;
            }

            if (place < smaller + equal) return pivot;
            values = values[smaller..];
            var larger = 0;
            for (var i = 0; i < values.Length; i++)
            {
                var value = values[i];
                values[i] = values[larger];
                values[larger] = value;
                larger += value > pivot ? 1 : 0;
            }

            values = values[..larger];
            place -= smaller + equal;
        }
    }

    private static double Middle(double a, double b, double c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));

    /// <summary>Appends the state.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(_count);
        writer.Write((ReadOnlySpan<double>)_window);
    }

    /// <summary>Takes over what <see cref="Save"/> wrote for the same window.</summary>
    public void Load(ref StateReader reader)
    {
        _count = reader.ReadInt64();
        if (_count < 0) throw reader.Flaw("a window has negative values");
        reader.Read(_window);
    }

    private double Score(double value)
    {
        var sorted = _sorted.AsSpan(0, (int)Math.Min(_count, _window.Length));
        _window.AsSpan(0, sorted.Length).CopyTo(sorted);
        var median = Median(sorted);
        for (var i = 0; i < sorted.Length; i++) sorted[i] = Math.Abs(sorted[i] - median);
        return (value - median) / Math.Max(_resolution, NormalScale * Median(sorted));
    }
}
