using ControlPlane.Core.Forecasting.Neural;

namespace ControlPlane.Core.Forecasting.Offline;

/// <summary>
/// Seasonal ARIMA with a small neural network on its errors (Zhang, 2003): the network learns what of an error follows from past errors and the
/// place in the season, and its share is what helped on the newest errors, which it did not learn from.
/// </summary>
/// <param name="shortSeason">Steps of the short season.</param>
/// <param name="longSeason">Steps of the long season.</param>
/// <param name="seed">Seed of the network's weights.</param>
internal sealed class HybridArima(int shortSeason = 24, int longSeason = 168, ulong seed = 1) : ISeriesModel
{
    private const int HeldOut = 96;

    public void Forecast(ReadOnlySpan<double> series, Span<double> values)
    {
        if (SeasonalNaive.StandsIn(series, values, 4 * shortSeason, shortSeason)) return;
        var scale = new WorkingScale(series);
        var fit = new Sarima(shortSeason, longSeason).Fit(scale.Values);
        var ahead = new double[values.Length];
        var first = 3 * shortSeason;
        if (fit.Model.Errors.Length >= first + 2 * HeldOut)
        {
            var network = new ErrorNetwork(fit.Model.Errors, first, shortSeason, new SeededNoise(seed));
            network.Train(HeldOut);
            network.Continue(ahead);
        }

        fit.Model.Forecast(values, ahead);
        fit.Integrate(scale.Values, values);
        scale.Restore(values);
        SeasonalNaive.Bound(series, values);
    }
}
