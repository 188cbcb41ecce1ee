using ControlPlane.Core.Forecasting.Ensemble;
using ControlPlane.Core.Forecasting.Members;

namespace ControlPlane.Core.Forecasting;

/// <summary>Predicts what was one day earlier, in five-minute means, with quantiles from its own recent errors. Ready after a day.</summary>
public sealed class SeasonalNaiveForecaster : IForecaster
{
    private readonly ForecastEngine _engine;

    /// <summary>A forecaster that has seen nothing.</summary>
    /// <param name="step">Length of a step, positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is not positive.</exception>
    public SeasonalNaiveForecaster(TimeSpan step) => _engine = new ForecastEngine(step, () => new FineHorizons(step, [new SeasonalNaiveModel(1)]));

    /// <inheritdoc/>
    public string Name => "seasonal-naive";

    /// <inheritdoc/>
    public string Version => "0.1.0";

    /// <inheritdoc/>
    public ForecastStatus Status => _engine.Status;

    /// <inheritdoc/>
    public void Fit(DateTimeOffset firstTime, ReadOnlySpan<double?> history)
    {
        for (var i = 0; i < history.Length; i++) Update(firstTime + i * _engine.Step, history[i]);
    }

    /// <inheritdoc/>
    public UpdateOutcome Update(DateTimeOffset time, double? value) => _engine.Update(time, value);

    /// <inheritdoc/>
    public ForecastStatus Forecast(int horizon, ReadOnlySpan<float> quantiles, Span<float> values) =>
        _engine.Forecast(horizon, quantiles, values, DateTimeOffset.MinValue, out _);
}
