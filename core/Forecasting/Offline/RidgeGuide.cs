namespace ControlPlane.Core.Forecasting.Offline;

/// <summary>
/// Forecasts for a panel network to correct: the mean logarithm of several ridges, each fitted only on what lies before the block of its origins.
/// So the network meets in training the errors that it will meet in use; forecasts from within the fit would look too good.
/// </summary>
internal static class RidgeGuide
{
    private const double Least = 1e-3;

    /// <summary>The guides of one series.</summary>
    /// <param name="series">Finite values, oldest first.</param>
    /// <param name="ridges">What to average.</param>
    /// <param name="horizon">Steps ahead.</param>
    /// <param name="first">First origin with a guide; longer than every lag.</param>
    /// <param name="block">Origins that share a fit.</param>
    /// <returns>Logarithms by origin, from 0 to the series' length; null before <paramref name="first"/>.</returns>
    public static float[]?[] Make(double[] series, LagRidgeOptions[] ridges, int horizon, int first, int block = 96)
    {
        var guides = new float[]?[series.Length + 1];
        // Blocks end with the series, whose own origin has a fit on everything.
        for (var (from, to) = (series.Length, series.Length + 1); to > first; (from, to) = (Math.Max(from - block, first), from))
            foreach (var options in ridges) AddBlock(series, options, horizon, from, to, 1f / ridges.Length, guides);

        return guides;
    }

    private static void AddBlock(double[] series, LagRidgeOptions options, int horizon, int from, int to, float share, float[]?[] guides)
    {
        var rolled = LagRidge.Fit(series.AsSpan(0, from), options).RollForecasts(series.AsSpan(0, to - 1), horizon, from);
        for (var origin = from; origin < to; origin++)
        {
            var row = guides[origin] ??= new float[horizon];
            for (var h = 0; h < horizon; h++) row[h] += share * (float)Math.Log(Math.Max(options.Scale.From(rolled[origin]![h]), Least));
        }
    }
}
