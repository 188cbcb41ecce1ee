using ControlPlane.Core.Forecasting.Ensemble;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.LeadTime;

/// <summary>
/// How errors ÷ expected size are distributed: a decaying histogram that starts from a normal distribution. Its bins are even in asinh, so that the
/// middle is fine and the upper tail reaches far.
/// </summary>
internal sealed class ErrorHistogram
{
    public const int Bins = 128;
    private const double Lowest = -12;
    private const double Highest = 28;
    private const double Stretch = 1.5;
    private const double PriorWeight = 200;
    private const double LargestWeight = 1e6;
    private const int RefreshEvery = 8;
    private static readonly double Bottom = Math.Asinh(Lowest * Stretch);
    private static readonly double BinsPerUnit = Bins / (Math.Asinh(Highest * Stretch) - Bottom);
    private static readonly double[] Edges = [.. Enumerable.Range(0, Bins + 1).Select(i => Math.Sinh(Bottom + i / BinsPerUnit) / Stretch)];
    private readonly float[] _counts = new float[Bins];
    private readonly double _growth;
    private double _weight = 1;
    private int _sinceRefresh;
    private float[] _levels = [];
    private float[] _quantiles = [];

    /// <param name="keep">What remains of an error's weight at the next one.</param>
    public ErrorHistogram(double keep)
    {
        _growth = 1 / keep;
        var below = NormalBelow(Edges[0]);
        for (var i = 0; i < Bins; i++)
        {
            var next = NormalBelow(Edges[i + 1]);
            _counts[i] = (float)(PriorWeight * (next - below));
            below = next;
        }
    }

    public void Add(double ratio)
    {
        _counts[Math.Clamp((int)((Math.Asinh(ratio * Stretch) - Bottom) * BinsPerUnit), 0, Bins - 1)] += (float)_weight;
        _weight *= _growth;
        if (_weight > LargestWeight) Normalise();
        _sinceRefresh++;
    }

    /// <summary>Errors ÷ expected size at levels; callers ask for the same levels every time.</summary>
    public ReadOnlySpan<float> Quantiles(ReadOnlySpan<float> levels)
    {
        if (_sinceRefresh < RefreshEvery && levels.SequenceEqual(_levels)) return _quantiles;
        if (!levels.SequenceEqual(_levels)) (_levels, _quantiles) = (levels.ToArray(), new float[levels.Length]);
        _sinceRefresh = 0;
        Refresh();
        return _quantiles;
    }

    public void CopyFrom(ErrorHistogram other)
    {
        other._counts.CopyTo(_counts, 0);
        (_weight, _sinceRefresh) = (other._weight, RefreshEvery);
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_counts);
        writer.Write(_weight);
        writer.Write(_sinceRefresh);
        writer.Write(_levels.Length);
        writer.Write(_levels);
        writer.Write(_quantiles);
    }

    public void Load(ref StateReader reader)
    {
        reader.Read(_counts);
        _weight = reader.ReadDouble();
        _sinceRefresh = reader.ReadInt32();
        var levels = reader.ReadCount(2 * sizeof(float));
        (_levels, _quantiles) = (new float[levels], new float[levels]);
        reader.Read(_levels);
        reader.Read(_quantiles);
    }

    private void Normalise()
    {
        for (var i = 0; i < Bins; i++) _counts[i] = (float)(_counts[i] / _weight);
        _weight = 1;
    }

    private void Refresh()
    {
        var total = 0.0;
        foreach (var count in _counts) total += count;
        var (below, bin) = (0.0, 0);
        for (var level = 0; level < _levels.Length; level++)
        {
            var wanted = _levels[level] * total;
            while (bin < Bins - 1 && below + _counts[bin] < wanted) below += _counts[bin++];
            var share = _counts[bin] > 0 ? Math.Clamp((wanted - below) / _counts[bin], 0, 1) : 0.5;
            _quantiles[level] = (float)(Edges[bin] + share * (Edges[bin + 1] - Edges[bin]));
        }
    }

    /// <summary>The normal distribution function by bisection of its inverse: needed once, at the start.</summary>
    private static double NormalBelow(double z)
    {
        var (low, high) = (1e-12, 1 - 1e-12);
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            if (QuantileGrid.NormalQuantile(middle) < z) low = middle;
            else high = middle;
        }

        return low;
    }
}
