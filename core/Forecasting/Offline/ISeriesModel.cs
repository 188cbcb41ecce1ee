namespace ControlPlane.Core.Forecasting.Offline;

/// <summary>A model of one series that is fitted from scratch for every forecast. Deterministic.</summary>
internal interface ISeriesModel
{
    /// <summary>
    /// Forecasts the steps after a series. A series that is too short for the model, or constant, gets the last value of each season, or the
    /// last value.
    /// </summary>
    /// <param name="series">Finite values, oldest first, at least one.</param>
    /// <param name="values">Filled, one entry a step ahead; finite.</param>
    /// <exception cref="ArgumentException">The series is empty or holds a value that is not finite.</exception>
    void Forecast(ReadOnlySpan<double> series, Span<double> values);
}
