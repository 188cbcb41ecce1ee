using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Ensemble;

/// <summary>
/// How wrong one member is at one horizon: a scale that follows the recent errors, and a decaying histogram of errors ÷ scale from which
/// quantiles are read. Starts from a Laplace distribution that weighs as much as a few errors.
/// </summary>
internal sealed class ErrorDistribution
{
    private const double LargestWeight = 1e6;
    private const double LeastScaleShare = 0.1;
    private const double SmallestScale = 1e-9;
    private readonly ErrorBins _bins;
    private readonly float[] _counts;
    private readonly float[] _quantiles = new float[QuantileGrid.Count];
    private readonly double _fastAlpha;
    private readonly double _slowAlpha;
    private readonly double _growth;
    private double _weight = 1;
    private float _fast;
    private float _slow;
    private float _mean;

    /// <param name="interval">Time between two scored errors.</param>
    /// <param name="bins">Where they are counted.</param>
    public ErrorDistribution(TimeSpan interval, ErrorBins bins)
    {
        _bins = bins;
        _counts = new float[bins.Count];
        _fastAlpha = 1 - Math.Exp(-interval / TimeSpan.FromHours(1));
        _slowAlpha = 1 - Math.Exp(-interval / TimeSpan.FromHours(16));
        _growth = Math.Pow(2, interval / TimeSpan.FromDays(4));
        for (var i = 0; i < _counts.Length; i++) _counts[i] = (float)(bins.PriorWeight * (LaplaceBelow(bins.Edges[i + 1]) - LaplaceBelow(bins.Edges[i])));
        Refresh();
    }

    /// <summary>Errors seen.</summary>
    public int Count { get; private set; }

    /// <summary>Mean size of an error now.</summary>
    public double Scale { get; private set; } = SmallestScale;

    /// <summary>Errors ÷ scale at the levels of the grid.</summary>
    public ReadOnlySpan<float> Quantiles => _quantiles;

    /// <summary>The error at a level of the grid.</summary>
    public double Quantile(int level) => Scale * _quantiles[level];

    /// <summary>Before the first errors: takes the scale of a nearer horizon, widened.</summary>
    public void Inherit(double scale)
    {
        if (Count == 0) Scale = Math.Max(scale, SmallestScale);
    }

    public void Add(double error)
    {
        if (Count > 0) _counts[_bins.Of(error / Scale)] += (float)_weight;
        _weight *= _growth;
        if (_weight > LargestWeight) Normalise();
        Count++;
        UpdateScale(Math.Abs(error));
        Refresh();
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_counts);
        writer.Write(_weight);
        writer.Write(_fast);
        writer.Write(_slow);
        writer.Write(_mean);
        writer.Write(Count);
        if (Count == 0) writer.Write(Scale);
    }

    public void Load(ref StateReader reader)
    {
        reader.Read(_counts);
        _weight = reader.ReadDouble();
        _fast = reader.ReadSingle();
        _slow = reader.ReadSingle();
        _mean = reader.ReadSingle();
        Count = reader.ReadInt32();
        if (Count == 0) Scale = reader.ReadDouble();
        else SetScale();
        Refresh();
    }

    private void UpdateScale(double size)
    {
        _fast += (float)(Math.Max(_fastAlpha, 1.0 / Count) * (size - _fast));
        _slow += (float)(Math.Max(_slowAlpha, 1.0 / Count) * (size - _slow));
        _mean += (float)(Math.Max(_slowAlpha / 10, 1.0 / Count) * (size - _mean));
        SetScale();
    }

    private void SetScale() => Scale = Math.Max(Math.Max(0.5 * _fast + 0.5 * _slow, LeastScaleShare * _mean), SmallestScale);

    private void Normalise()
    {
        for (var i = 0; i < _counts.Length; i++) _counts[i] = (float)(_counts[i] / _weight);
        _weight = 1;
    }

    private void Refresh()
    {
        var total = 0.0;
        foreach (var count in _counts) total += count;
        var (below, bin, edges) = (0.0, 0, _bins.Edges);
        for (var level = 0; level < QuantileGrid.Count; level++)
        {
            var wanted = QuantileGrid.Levels[level] * total;
            while (bin < _counts.Length - 1 && below + _counts[bin] < wanted) below += _counts[bin++];
            var share = _counts[bin] > 0 ? Math.Clamp((wanted - below) / _counts[bin], 0, 1) : 0.5;
            _quantiles[level] = (float)(edges[bin] + share * (edges[bin + 1] - edges[bin]));
        }
    }

    private static double LaplaceBelow(double r) => r < 0 ? 0.5 * Math.Exp(r) : 1 - 0.5 * Math.Exp(-r);
}
