namespace ControlPlane.Core.Forecasting.Offline;

/// <summary>A fitted seasonal ARMA and how its series was differenced.</summary>
/// <param name="Model">On the differenced series.</param>
/// <param name="Order">Its order.</param>
/// <param name="IsIntegrated">Whether the series was differenced by one step, too.</param>
/// <param name="Season">Steps of the seasonal difference.</param>
/// <param name="Criterion">AICc.</param>
internal sealed record SarimaFit(SarimaModel Model, SarimaOrder Order, bool IsIntegrated, int Season, double Criterion)
{
    /// <summary>Differences of values a lag apart.</summary>
    public static double[] Difference(double[] values, int lag)
    {
        var result = new double[values.Length - lag];
        for (var t = 0; t < result.Length; t++) result[t] = values[t + lag] - values[t];
        return result;
    }

    /// <summary>Turns forecasts of the differenced series into those of the series, in place.</summary>
    public void Integrate(ReadOnlySpan<double> series, Span<double> values)
    {
        if (IsIntegrated)
        {
            var last = series[^1] - series[^(1 + Season)];
            foreach (ref var value in values) value = last += value;
        }

        for (var h = 0; h < values.Length; h++) values[h] += h < Season ? series[^(Season - h)] : values[h - Season];
    }
}
