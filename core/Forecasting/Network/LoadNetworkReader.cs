using ControlPlane.Core.Forecasting.Members;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Network;

/// <summary>Forecasts one workload with the shared network: a history of its own, the weights of all.</summary>
/// <param name="network">The weights.</param>
/// <param name="step">Length of a step.</param>
internal sealed class LoadNetworkReader(LoadNetwork network, TimeSpan step)
{
    /// <summary>No answer lies outside the guides and the newest value by more than so many typical changes.</summary>
    private const double LargestCorrection = 2;

    private readonly LoadHistory _history = new(step);
    private readonly float[] _start = new float[LoadNetwork.First];
    private LoadPace _pace;
    private SeasonalView _now;
    private bool _isBegun;

    /// <summary>Number of the newest known step; −1 before the first.</summary>
    public long Newest => _history.Newest;

    /// <summary>Learns a value on the logarithmic scale.</summary>
    public void Update(long at, double z)
    {
        _history.Update(at, z);
        _isBegun = false;
    }

    /// <summary>The value some steps after the newest, on the logarithmic scale; NaN before the first.</summary>
    /// <param name="season">The seasonal memory, which holds the newest step.</param>
    /// <param name="steps">Steps ahead.</param>
    public double Predict(SeasonalMemory season, int steps)
    {
        if (_history.Newest < 0) return double.NaN;
        if (!_isBegun) Begin(season);
        Span<float> own = stackalloc float[LoadFeatures.Own];
        Span<float> guides = stackalloc float[LoadFeatures.GuideCount];
        var scale = LoadFeatures.FillOwn(_history, season, _now, _pace, steps, own, guides);
        var (least, most) = (0f, 0f);
        foreach (var guide in guides) (least, most) = (Math.Min(least, guide), Math.Max(most, guide));
        var change = network.Change(_start, own, guides, scale);
        return double.IsFinite(change) ? _history.Z + Math.Clamp(change, least - LargestCorrection * scale, most + LargestCorrection * scale) : _history.Z;
    }

    public void Save(StateWriter writer) => _history.Save(writer);

    public void Load(ref StateReader reader)
    {
        _history.Load(ref reader);
        _isBegun = false;
    }

    /// <summary>What all horizons of a step have in common, once a step.</summary>
    private void Begin(SeasonalMemory season)
    {
        Span<float> shared = stackalloc float[LoadFeatures.Shared];
        _pace = LoadFeatures.FillShared(_history, shared);
        network.Begin(shared, _start);
        _now = season.At(_history.Newest);
        _isBegun = true;
    }
}
