using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Anomalies.Series;

/// <summary>
/// Turns residuals of any unit into evidence: <c>-log10</c> of the share of earlier residuals that were as large. Beyond the 99%
/// quantile, where there are too few to count, the tail is taken as exponential with the mean excess seen so far (peaks over
/// threshold with shape 0: Pickands 1975; Siffer et al., KDD 2017). Counts can fade, so that a drifting signal calibrates itself anew.
/// </summary>
internal sealed class TailCalibrator
{
    private const double TailShare = 0.01;
    private const float LargestWeight = 1e12f;
    private const int AlwaysRefreshed = 256;
    private const int RefreshEvery = 16;
    private readonly float[] _counts;
    private readonly int _binsPerDecade;
    private readonly double _growth;
    private readonly double _leastExcess;
    private int _lowest;
    private double _weight = 1;
    private double _total;
    private double _quantile;
    private double _excess;
    private int _age;
    private bool _isStarted;

    /// <param name="halfLife">Number of residuals after which one counts half; 0 for never.</param>
    /// <param name="leastExcess">Added to the mean excess: what is too small to matter, in the unit of the residual.</param>
    /// <param name="binsPerDecade">Bins of the histogram to each factor of 10.</param>
    /// <param name="decades">Factors of 10 that it spans.</param>
    public TailCalibrator(int halfLife, double leastExcess = 0, int binsPerDecade = 40, int decades = 8)
    {
        _binsPerDecade = binsPerDecade;
        _counts = new float[binsPerDecade * decades];
        _growth = halfLife > 0 ? Math.Pow(2, 1.0 / halfLife) : 1;
        _leastExcess = leastExcess;
    }

    /// <summary>Evidence of a residual against those that were added: 0 is ordinary, 3 is 1 in 1,000; 0 for one that is unknown.</summary>
    public double Evidence(double residual)
    {
        if (_total <= 0 || !(residual > 0)) return 0;
        if (_quantile > 0 && residual > _quantile)
            return -Math.Log10(TailShare) + (residual - _quantile) / (Math.Log(10) * Math.Max(_excess + _leastExcess, double.Epsilon));
        var above = 0.0;
        for (var b = BinOf(residual); b < _counts.Length; b++) above += _counts[b];
        return -Math.Log10((above / _weight + 1) / (_total / _weight + 1));
    }

    /// <summary>Takes a residual in; one that is not finite is left out.</summary>
    public void Add(double residual)
    {
        if (!double.IsFinite(residual)) return;
        if (!_isStarted && residual > 0) Start(residual);
        if (_isStarted)
        {
            MakeRoom(residual);
            _counts[BinOf(residual)] += (float)_weight;
        }

        _total += _weight;
        Fade();
        // The quantile moves slowly: now and then is often enough once there are some.
        if (_age < AlwaysRefreshed || _age % RefreshEvery == 0) Refresh();
        _age = _age == int.MaxValue ? AlwaysRefreshed : _age + 1;
    }

    /// <summary>Appends the state.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(_isStarted);
        writer.Write(_lowest);
        writer.Write(_age);
        writer.Write(_weight);
        writer.Write(_total);
        writer.Write(_quantile);
        writer.Write(_excess);
        writer.Write((ReadOnlySpan<float>)_counts);
    }

    /// <summary>Takes over what <see cref="Save"/> wrote for the same settings.</summary>
    public void Load(ref StateReader reader)
    {
        _isStarted = reader.ReadBoolean();
        _lowest = reader.ReadInt32();
        _age = reader.ReadInt32();
        _weight = reader.ReadDouble();
        _total = reader.ReadDouble();
        _quantile = reader.ReadDouble();
        _excess = reader.ReadDouble();
        reader.Read(_counts);
        if (!(_weight >= 1) || !(_total >= 0) || _age < 0) throw reader.Flaw("a histogram has negative weight");
    }

    private int ExponentOf(double residual) => (int)Math.Floor(_binsPerDecade * Math.Log10(residual));

    private int BinOf(double residual) => residual > 0 ? Math.Clamp(ExponentOf(residual) - _lowest, 0, _counts.Length - 1) : 0;

    /// <summary>The first residual lies five eighths up, so that there is room for smaller and for larger ones.</summary>
    private void Start(double residual)
    {
        _isStarted = true;
        _lowest = ExponentOf(residual) - _counts.Length * 5 / 8;
        _counts[0] = (float)_total;
    }

    /// <summary>Moves the bins up, merging the lowest, until a large residual has its bin.</summary>
    private void MakeRoom(double residual)
    {
        if (!(residual > 0)) return;
        var missing = ExponentOf(residual) - (_lowest + _counts.Length - 1);
        if (missing <= 0) return;
        var shift = Math.Min(_counts.Length - 1, missing);
        var merged = 0f;
        for (var b = 0; b <= shift; b++) merged += _counts[b];
        Array.Copy(_counts, shift, _counts, 0, _counts.Length - shift);
        _counts.AsSpan(_counts.Length - shift).Clear();
        _counts[0] = merged;
        _lowest += missing;
    }

    private void Fade()
    {
        _weight *= _growth;
        if (_weight < LargestWeight) return;
        for (var b = 0; b < _counts.Length; b++) _counts[b] = (float)(_counts[b] / _weight);
        _total /= _weight;
        _weight = 1;
    }

    private void Refresh()
    {
        if (!_isStarted) return;
        var (above, excess, b) = (0.0, 0.0, _counts.Length - 1);
        for (; b > 0 && above + _counts[b] <= TailShare * _total; b--)
        {
            if (_counts[b] == 0) continue;
            above += _counts[b];
            excess += _counts[b] * Math.Pow(10, (_lowest + b + 0.5) / _binsPerDecade);
        }

        _quantile = Math.Pow(10, (_lowest + b + 1.0) / _binsPerDecade);
        // Nothing beyond the quantile yet: a bin's width stands in for the excess.
        _excess = above > 0 ? excess / above - _quantile : _quantile * (Math.Pow(10, 1.0 / _binsPerDecade) - 1);
    }
}
