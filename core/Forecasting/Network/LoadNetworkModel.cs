using ControlPlane.Core.Forecasting.Members;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Network;

/// <summary>The load network as a member of an ensemble: shared weights, a history of its own.</summary>
/// <param name="network">The weights.</param>
/// <param name="step">Length of a step.</param>
internal sealed class LoadNetworkModel(LoadNetwork network, TimeSpan step) : IPointModel
{
    /// <summary>No answer lies outside the guides and the newest value by more than so many typical changes.</summary>
    private const double LargestCorrection = 2;

    private readonly LoadHistory _history = new(step);
    private readonly float[] _start = new float[LoadNetwork.First];
    private (double Near, double Far) _growth;
    private long _begun = -1;

    public int FeatureCount => 0;

    public void Update(DemandState state) => _history.Update(state);

    public double Predict(DemandState state, int knot, int steps, Span<float> features)
    {
        if (state.Count == 0) return double.NaN;
        if (_begun != state.Newest) Begin(state);
        Span<float> own = stackalloc float[LoadFeatures.Own];
        Span<float> guides = stackalloc float[LoadFeatures.GuideCount];
        var scale = LoadFeatures.FillOwn(state, _history, _growth, steps, own, guides);
        var (least, most) = (0f, 0f);
        foreach (var guide in guides) (least, most) = (Math.Min(least, guide), Math.Max(most, guide));
        var change = network.Change(_start, own, guides, scale);
        return double.IsFinite(change) ? state.Z + Math.Clamp(change, least - LargestCorrection * scale, most + LargestCorrection * scale) : state.Z;
    }

    public void Learn(int knot, ReadOnlySpan<float> features, double change)
    {
    }

    public void Save(StateWriter writer) => _history.Save(writer);

    public void Load(ref StateReader reader)
    {
        _history.Load(ref reader);
        _begun = -1;
    }

    /// <summary>What all horizons of a step have in common, once a step.</summary>
    private void Begin(DemandState state)
    {
        Span<float> shared = stackalloc float[LoadFeatures.Shared];
        LoadFeatures.FillShared(state, _history, shared);
        network.Begin(shared, _start);
        _growth = _history.Growth;
        _begun = state.Newest;
    }
}
