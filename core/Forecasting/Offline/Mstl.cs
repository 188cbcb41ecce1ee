namespace ControlPlane.Core.Forecasting.Offline;

/// <summary>
/// Decomposition by several seasons: the seasons go on as their newest cycle, the rest by an autoregression on a few lags that returns to its
/// recent level.
/// </summary>
/// <param name="seasons">Steps of each season, ascending; those without three cycles are left out.</param>
internal sealed class Mstl(params int[] seasons) : ISeriesModel
{
    private const int LeastLength = 60;
    private const double Span = 4;
    private static readonly int[] Lags = [1, 2, 3, 24];

    public void Forecast(ReadOnlySpan<double> series, Span<double> values)
    {
        if (SeasonalNaive.StandsIn(series, values, LeastLength, seasons.Length > 0 ? seasons[0] : 1)) return;
        var scale = new WorkingScale(series);
        var count = series.Length;
        var profile = new SeasonalProfile(scale.Values, Array.FindAll(seasons, s => 3 * s <= count), Span);
        LagRidge.Fit(profile.Adjusted, new LagRidgeOptions { Lags = Lags, Season = 1, Scale = SeriesScale.Level }).Forecast(profile.Adjusted, values);
        for (var h = 0; h < values.Length; h++) values[h] += profile.At(h);
        scale.Restore(values);
        SeasonalNaive.Bound(series, values);
    }
}
