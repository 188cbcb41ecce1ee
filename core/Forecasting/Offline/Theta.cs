namespace ControlPlane.Core.Forecasting.Offline;

/// <summary>
/// The Theta method (Assimakopoulos and Nikolopoulos, 2000) on the seasonally adjusted series: the mean of its trend line and of simple
/// exponential smoothing of the line with doubled curvature.
/// </summary>
/// <param name="seasons">Steps of each season, ascending; those without three cycles are left out.</param>
internal sealed class Theta(params int[] seasons) : ISeriesModel
{
    private const int LeastLength = 4;

    public void Forecast(ReadOnlySpan<double> series, Span<double> values)
    {
        if (SeasonalNaive.StandsIn(series, values, LeastLength, seasons.Length > 0 ? seasons[0] : 1)) return;
        var scale = new WorkingScale(series);
        var count = series.Length;
        var profile = new SeasonalProfile(scale.Values, Array.FindAll(seasons, s => 3 * s <= count));
        Extrapolate(profile.Adjusted, values);
        for (var h = 0; h < values.Length; h++) values[h] += profile.At(h);
        scale.Restore(values);
        SeasonalNaive.Bound(series, values);
    }

    private static void Extrapolate(double[] adjusted, Span<double> values)
    {
        var (intercept, slope) = Line(adjusted);
        var bent = new double[adjusted.Length];
        for (var t = 0; t < bent.Length; t++) bent[t] = 2 * adjusted[t] - (intercept + slope * t);
        var (best, level) = (double.PositiveInfinity, 0.0);
        for (var alpha = 0.05; alpha < 1; alpha += 0.05)
        {
            var (error, last) = Smooth(bent, alpha);
            if (error < best) (best, level) = (error, last);
        }

        for (var h = 0; h < values.Length; h++) values[h] = 0.5 * (intercept + slope * (adjusted.Length + h) + level);
    }

    private static (double Intercept, double Slope) Line(double[] y)
    {
        var centre = (y.Length - 1) / 2.0;
        var (mean, product, squares) = (0.0, 0.0, 0.0);
        for (var t = 0; t < y.Length; t++)
        {
            mean += y[t] / y.Length;
            product += (t - centre) * y[t];
            squares += (t - centre) * (t - centre);
        }

        return (mean - product / squares * centre, product / squares);
    }

    private static (double SquaredError, double Level) Smooth(double[] y, double alpha)
    {
        var (level, sum) = (y[0], 0.0);
        for (var t = 1; t < y.Length; t++)
        {
            var error = y[t] - level;
            sum += error * error;
            level += alpha * error;
        }

        return (sum, level);
    }
}
