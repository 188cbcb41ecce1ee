using ControlPlane.Core.Forecasting.Ensemble;
using ControlPlane.Core.Forecasting.Members;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Network;

/// <summary>The load network as a member at steps of a minute or more. It learns a step when it is first asked after it, which the nearest horizon does at every step.</summary>
/// <param name="network">The weights.</param>
/// <param name="step">Length of a step.</param>
internal sealed class LoadNetworkMember(LoadNetwork network, TimeSpan step) : IDemandMember
{
    private readonly LoadNetworkReader _reader = new(network, step);

    public bool IsRelative => false;

    public double Predict(DemandHistory history, int knot, int steps, ReadOnlySpan<float> features)
    {
        if (history.Newest > _reader.Newest) _reader.Update(history.Newest, history.Recent(0)[0]);
        var z = _reader.Predict(history.Season, steps);
        return double.IsNaN(z) ? z : history.Scale.ToDemand(z);
    }

    public void Learn(int knot, ReadOnlySpan<float> features, double origin, double outcome, DemandScale scale)
    {
    }

    public void Save(StateWriter writer) => _reader.Save(writer);

    public void Load(ref StateReader reader) => _reader.Load(ref reader);
}
