using ControlPlane.Core.Forecasting.Ensemble;
using ControlPlane.Core.Forecasting.Members;

namespace ControlPlane.Core.Forecasting;

/// <summary>
/// Holt-Winters with damped trend and additive season on the logarithm of the demand, with quantiles from its own recent errors. Ready after
/// three hours; the seasonal terms start after two seasons.
/// </summary>
/// <param name="step">Length of a step, positive.</param>
/// <param name="options">Settings; null: the defaults.</param>
/// <exception cref="ArgumentOutOfRangeException">The step is not positive.</exception>
public sealed class HoltWintersForecaster(TimeSpan step, HoltWintersOptions? options = null)
    : EngineForecaster(new ForecastEngine(step, () => new FineHorizons(step, [Create(step, options ?? new HoltWintersOptions())])), "CPHW")
{
    /// <inheritdoc/>
    public override string Name => "holt-winters";

    /// <inheritdoc/>
    public override string Version => "0.1.0";

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
