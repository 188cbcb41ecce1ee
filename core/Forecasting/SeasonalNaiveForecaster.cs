using ControlPlane.Core.Forecasting.Ensemble;
using ControlPlane.Core.Forecasting.Members;

namespace ControlPlane.Core.Forecasting;

/// <summary>Predicts what was one day earlier, in five-minute means, with quantiles from its own recent errors. Ready after a day.</summary>
/// <param name="step">Length of a step, positive.</param>
/// <exception cref="ArgumentOutOfRangeException">The step is not positive.</exception>
public sealed class SeasonalNaiveForecaster(TimeSpan step)
    : EngineForecaster(new ForecastEngine(step, () => new FineHorizons(step, [new SeasonalNaiveModel(1)])), "CPSN")
{
    /// <inheritdoc/>
    public override string Name => "seasonal-naive";

    /// <inheritdoc/>
    public override string Version => "0.1.0";
}
