namespace ControlPlane.Core.Forecasting.Offline;

/// <summary>
/// Seasonal ARIMA with two seasons: seasonal difference at the short one, order by a stepwise search (Hyndman and Khandakar, 2008) for the
/// least AICc, with and without a further difference.
/// </summary>
/// <param name="shortSeason">Steps of the short season.</param>
/// <param name="longSeason">Steps of the long season; used when the series has three of it.</param>
internal sealed class Sarima(int shortSeason = 24, int longSeason = 168) : ISeriesModel
{
    private const int MostFits = 25;

    public void Forecast(ReadOnlySpan<double> series, Span<double> values)
    {
        if (SeasonalNaive.StandsIn(series, values, 4 * shortSeason, shortSeason)) return;
        var scale = new WorkingScale(series);
        var fit = Fit(scale.Values);
        fit.Model.Forecast(values);
        fit.Integrate(scale.Values, values);
        scale.Restore(values);
        SeasonalNaive.Bound(series, values);
    }

    /// <summary>The model of the order with the least AICc.</summary>
    public SarimaFit Fit(double[] values)
    {
        var hasLong = values.Length >= 3 * longSeason;
        SarimaFit? best = null;
        foreach (var isIntegrated in (ReadOnlySpan<bool>)[false, true])
        {
            var fit = Search(values, isIntegrated, hasLong);
            if (best is null || fit.Criterion < best.Criterion) best = fit;
        }

        return best!;
    }

    private SarimaFit Search(double[] values, bool isIntegrated, bool hasLong)
    {
        var series = SarimaFit.Difference(values, shortSeason);
        if (isIntegrated) series = SarimaFit.Difference(series, 1);
        // The same observations count in both cases.
        var first = (hasLong ? longSeason : shortSeason) + (isIntegrated ? 0 : 1);
        var innovations = LongAutoregression(series, hasLong);
        var (seen, best) = (new HashSet<SarimaOrder>(), default(SarimaFit));
        var start = new SarimaOrder(isIntegrated ? 0 : 1, 1, 0, 1, hasLong ? 1 : 0, 0);
        Try(start);
        Try(start with { P = 2, ShortP = 1 });
        for (var improved = true; improved && seen.Count < MostFits;)
        {
            improved = false;
            foreach (var order in best!.Order.Neighbours(hasLong)) if (seen.Count < MostFits && Try(order)) improved = true;
        }

        return best!;

        bool Try(SarimaOrder order)
        {
            if (!seen.Add(order)) return false;
            var model = new SarimaModel(order, series, first, shortSeason, longSeason);
            var criterion = model.Fit(innovations);
            if (best is not null && !(criterion < best.Criterion)) return false;
            best = new SarimaFit(model, order, isIntegrated, shortSeason, criterion);
            return true;
        }
    }

    private double[] LongAutoregression(double[] series, bool hasLong)
    {
        int[] lags = [1, 2, 3, shortSeason - 1, shortSeason, shortSeason + 1, 2 * shortSeason];
        if (hasLong) lags = [.. lags, longSeason - 1, longSeason, longSeason + 1];
        var errors = new double[series.Length];
        if (series.Length <= lags[^1] + lags.Length) return errors;
        var model = LagRidge.Fit(series, new LagRidgeOptions { Lags = lags, Season = 1, Scale = SeriesScale.Level, Rounds = 0, HalfLife = 1e6 });
        model.RollErrors(series, 1, (origin, ahead) => errors[origin] = ahead[0]);
        return errors;
    }
}
