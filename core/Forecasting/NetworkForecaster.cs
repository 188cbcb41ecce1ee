using ControlPlane.Core.Forecasting.Ensemble;
using ControlPlane.Core.Forecasting.Network;

namespace ControlPlane.Core.Forecasting;

/// <summary>
/// The members of <see cref="DemandForecaster"/> and one more: a network that all workloads share. It is a version of its own, to be tried in
/// shadow: on loads that it was not trained on it gains on most and loses on some.
/// </summary>
/// <param name="step">Length of a step, positive.</param>
/// <param name="weights">The network; null: the one that comes with the program.</param>
/// <exception cref="ArgumentOutOfRangeException">The step is not positive.</exception>
public sealed class NetworkForecaster(TimeSpan step, LoadNetworkWeights? weights = null)
    : EngineForecaster(new ForecastEngine(step, () => MemberSet.Bank(step, (weights ?? LoadNetworkWeights.Default).Network)), "CPNF")
{
    /// <inheritdoc/>
    public override string Name => "network-ensemble";

    /// <inheritdoc/>
    public override string Version => LoadNetworkWeights.ModelVersion;
}
