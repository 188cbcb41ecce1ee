namespace ControlPlane.Core.Forecasting.Offline;

/// <summary>
/// Exponential smoothing in state-space form (Hyndman et al., 2008; several seasons after Taylor, 2003): level, damped or no trend, one term for
/// each season, and optionally Taylor's autoregression of the errors. Additive, or multiplicative as additive in the logarithm. Parameters by
/// the smallest squared one-step error, the form by AICc.
/// </summary>
/// <param name="seasons">Steps of each season, ascending; those without three cycles are left out.</param>
internal sealed class Ets(params int[] seasons) : ISeriesModel
{
    private const int LeastLength = 10;
    private const int Evaluations = 160;

    public void Forecast(ReadOnlySpan<double> series, Span<double> values)
    {
        if (SeasonalNaive.StandsIn(series, values, LeastLength, seasons.Length > 0 ? seasons[0] : 1)) return;
        var (best, least) = (default(EtsModel), double.PositiveInfinity);
        var (count, winner) = (series.Length, default(WorkingScale));
        var usable = Array.FindAll(seasons, s => 3 * s <= count);
        var warmUp = usable.Length == 0 ? 1 : usable[^1];
        foreach (var isLogarithm in (ReadOnlySpan<bool>)[true, false])
        {
            var scale = new WorkingScale(series, isLogarithm);
            if (scale.IsLogarithm != isLogarithm) continue;
            foreach (var form in EtsForm.All(usable))
            {
                var model = new EtsModel(form, scale.Values, warmUp);
                var criterion = model.Fit(Evaluations) + 2 * scale.LogJacobian * model.ScoredShare;
                if (criterion < least || best is null) (best, least, winner) = (model, criterion, scale);
            }
        }

        best!.Forecast(values);
        winner!.Restore(values);
        SeasonalNaive.Bound(series, values);
    }
}
