using ControlPlane.Core.Forecasting.Members;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Network;

/// <summary>The load network as a member at steps below a minute.</summary>
/// <param name="network">The weights.</param>
/// <param name="step">Length of a step.</param>
internal sealed class LoadNetworkModel(LoadNetwork network, TimeSpan step) : IPointModel
{
    private readonly LoadNetworkReader _reader = new(network, step);

    public int FeatureCount => 0;

    public void Update(DemandState state) => _reader.Update(state.Newest, state.Z);

    public double Predict(DemandState state, int knot, int steps, Span<float> features) => _reader.Predict(state.Season, steps);

    public void Learn(int knot, ReadOnlySpan<float> features, double change)
    {
    }

    public void Save(StateWriter writer) => _reader.Save(writer);

    public void Load(ref StateReader reader) => _reader.Load(ref reader);
}
