using ControlPlane.Core.Forecasting.Ensemble;
using ControlPlane.Core.Forecasting.Network;

namespace ControlPlane.Core.Forecasting;

/// <summary>
/// The members of <see cref="DemandForecaster"/> with correction networks of one's own: trained on the services that they will forecast. At steps below a minute no
/// network takes part.
/// </summary>
/// <param name="step">Length of a step, positive.</param>
/// <param name="weights">The networks; null: those that come with the program.</param>
/// <exception cref="ArgumentOutOfRangeException">The step is not positive.</exception>
public sealed class NetworkForecaster(TimeSpan step, CorrectionWeights? weights = null)
    : EngineForecaster(new ForecastEngine(step, () => MemberSet.Bank(step, (weights ?? CorrectionWeights.Default).Committee)), "CPNF")
{
    /// <inheritdoc/>
    public override string Name => "network-ensemble";

    /// <inheritdoc/>
    public override string Version => CorrectionWeights.ModelVersion;
}
