using System.Numerics.Tensors;

namespace ControlPlane.Core.Forecasting.Offline;

/// <summary>The value one season before; the last value of a series without a whole season.</summary>
/// <param name="season">Steps of a season.</param>
internal sealed class SeasonalNaive(int season = 24) : ISeriesModel
{
    public void Forecast(ReadOnlySpan<double> series, Span<double> values)
    {
        Check(series);
        var period = series.Length >= season ? season : 1;
        for (var h = 0; h < values.Length; h++) values[h] = series[^(period - h % period)];
    }

    /// <summary>Answers for a model whose series is too short or constant.</summary>
    /// <returns>Whether it did.</returns>
    public static bool StandsIn(ReadOnlySpan<double> series, Span<double> values, int needed, int season)
    {
        Check(series);
        var isVaried = TensorPrimitives.Max(series) > TensorPrimitives.Min(series);
        if (series.Length >= needed && isVaried) return false;
        new SeasonalNaive(season).Forecast(series, values);
        return true;
    }

    /// <summary>Keeps forecasts within a fifth of the range's ends beyond what was seen, as only a divergent model leaves it.</summary>
    public static void Bound(ReadOnlySpan<double> series, Span<double> values)
    {
        var (lowest, highest) = (TensorPrimitives.Min(series), TensorPrimitives.Max(series));
        var (from, to) = (lowest - 0.2 * Math.Abs(lowest), highest + 0.2 * Math.Abs(highest));
        foreach (ref var value in values) value = double.IsNaN(value) ? series[^1] : Math.Clamp(value, from, to);
    }

    private static void Check(ReadOnlySpan<double> series)
    {
        if (series.IsEmpty) throw new ArgumentException("The series is empty.", nameof(series));
        if (!TensorPrimitives.IsFiniteAll(series)) throw new ArgumentException("The series has a value that is not finite.", nameof(series));
    }
}
