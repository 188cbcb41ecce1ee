using ControlPlane.Core.Forecasting.Ensemble;
using ControlPlane.Core.Forecasting.Members;

namespace ControlPlane.Core.Forecasting;

/// <summary>
/// Holt-Winters with damped trend and additive season on the logarithm of the demand, with quantiles from its own recent errors. Ready after
/// three hours; the seasonal terms start after two seasons.
/// </summary>
public sealed class HoltWintersForecaster : IForecaster
{
    private readonly ForecastEngine _engine;

    /// <summary>A forecaster that has seen nothing.</summary>
    /// <param name="step">Length of a step, positive.</param>
    /// <param name="options">Settings; null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is not positive.</exception>
    public HoltWintersForecaster(TimeSpan step, HoltWintersOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(step, TimeSpan.Zero);
        _engine = new ForecastEngine(step, () => new FineHorizons(step, [Create(step, options ?? new HoltWintersOptions())]));
    }

    /// <inheritdoc/>
    public string Name => "holt-winters";

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

    internal static HoltWintersModel Create(TimeSpan step, HoltWintersOptions options)
    {
        var stepsPerBin = (int)Math.Max(1, (options.SeasonBin.Ticks + step.Ticks - 1) / step.Ticks);
        var bins = (int)Math.Round(options.Season / (step * stepsPerBin));
        var weights = new HoltWintersWeights(
            1 - Math.Exp(-step / options.LevelTime),
            1 - Math.Exp(-step / options.TrendTime),
            options.SeasonWeight,
            Math.Exp(-step / options.TrendTime));
        return new HoltWintersModel(weights, stepsPerBin, bins > 1 ? bins : 0);
    }
}
