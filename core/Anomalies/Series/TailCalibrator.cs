using System.Numerics.Tensors;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Anomalies.Series;

/// <summary>
/// Turns residuals of any unit into evidence: <c>-log10</c> of the share of earlier residuals that were as large. Beyond the 99%
/// quantile, where there are too few to count, the tail is taken as exponential with the mean excess seen so far (peaks over
/// threshold with shape 0: Pickands 1975; Siffer et al., KDD 2017). When there are many all counts halve, so that old ones fade.
/// </summary>
internal sealed class TailCalibrator
{
    private const double TailShare = 0.01;
    private const int AlwaysRefreshed = 256;
    private const int RefreshEvery = 16;
    private readonly ushort[] _counts;
    private readonly int _binsPerDecade;
    private readonly int _memory;
    private readonly double _leastExcess;
    private int _lowest;
    private int _total;
    private int _age;
    private bool _isStarted;
    private float _quantile;
    private float _excess;
    private double _residual = double.NaN;
    private int _exponent;

    /// <param name="memory">Residuals after which all counts halve, at most 65,535.</param>
    /// <param name="leastExcess">Added to the mean excess: what is too small to matter, in the unit of the residual.</param>
    /// <param name="binsPerDecade">Bins of the histogram to each factor of 10.</param>
    /// <param name="decades">Factors of 10 that it spans.</param>
    public TailCalibrator(int memory, double leastExcess, int binsPerDecade, int decades)
    {
        (_memory, _leastExcess, _binsPerDecade) = (Math.Min(memory, ushort.MaxValue), leastExcess, binsPerDecade);
        _counts = new ushort[binsPerDecade * decades];
    }

    /// <summary>Evidence of a residual against those that were added: 0 is ordinary, 3 is 1 in 1,000; 0 for one that is unknown.</summary>
    public double Evidence(double residual)
    {
        if (_total == 0 || !(residual > 0)) return 0;
        if (_quantile > 0 && residual > _quantile)
            return -Math.Log10(TailShare) + (residual - _quantile) / (Math.Log(10) * Math.Max(_excess + _leastExcess, double.Epsilon));
        // The sum of all counts is at most the memory, which 16 bits hold.
        int above = TensorPrimitives.Sum<ushort>(_counts.AsSpan(BinOf(residual)));
        return -Math.Log10((above + 1.0) / (_total + 1.0));
    }

    /// <summary>Takes a residual in; one that is not finite is left out.</summary>
    public void Add(double residual)
    {
        if (!double.IsFinite(residual)) return;
        if (_total >= _memory) Halve();
        if (!_isStarted && residual > 0) Start(residual);
        if (_isStarted)
        {
            MakeRoom(residual);
            _counts[BinOf(residual)]++;
        }

        _total++;
        // The quantile moves slowly: now and then is often enough once there are some.
        if (_age < AlwaysRefreshed || _age % RefreshEvery == 0) Refresh();
        _age = _age == int.MaxValue ? AlwaysRefreshed : _age + 1;
    }

    /// <summary>Appends the state.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(_isStarted);
        writer.Write(_lowest);
        writer.Write(_total);
        writer.Write(_age);
        writer.Write(_quantile);
        writer.Write(_excess);
        writer.Write((ReadOnlySpan<ushort>)_counts);
    }

    /// <summary>Takes over what <see cref="Save"/> wrote for the same settings.</summary>
    public void Load(ref StateReader reader)
    {
        _isStarted = reader.ReadBoolean();
        (_lowest, _total, _age) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
        (_quantile, _excess) = (reader.ReadSingle(), reader.ReadSingle());
        reader.Read(_counts);
        if (_total < 0 || _total > _memory || _age < 0) throw reader.Flaw("a histogram has an impossible weight");
    }

    /// <summary>Asked about the same residual several times in a row.</summary>
    private int ExponentOf(double residual)
    {
        if (residual == _residual) return _exponent;
        _residual = residual;
        return _exponent = (int)Math.Floor(_binsPerDecade * Math.Log10(residual));
    }

    private int BinOf(double residual) => residual > 0 ? Math.Clamp(ExponentOf(residual) - _lowest, 0, _counts.Length - 1) : 0;

    /// <summary>The first residual lies five eighths up, so that there is room for smaller and for larger ones.</summary>
    private void Start(double residual)
    {
        _isStarted = true;
        _lowest = ExponentOf(residual) - _counts.Length * 5 / 8;
        _counts[0] = (ushort)_total;
    }

    /// <summary>Moves the bins up, merging the lowest, until a large residual has its bin.</summary>
    private void MakeRoom(double residual)
    {
        if (!(residual > 0)) return;
        var missing = ExponentOf(residual) - (_lowest + _counts.Length - 1);
        if (missing <= 0) return;
        var shift = Math.Min(_counts.Length - 1, missing);
        var merged = 0;
        for (var b = 0; b <= shift; b++) merged += _counts[b];
        Array.Copy(_counts, shift, _counts, 0, _counts.Length - shift);
        _counts.AsSpan(_counts.Length - shift).Clear();
        _counts[0] = (ushort)merged;
        _lowest += missing;
    }

    /// <summary>What rounding takes from one bin goes to the next, so that rare large residuals do not all vanish at once.</summary>
    private void Halve()
    {
        var (carry, total) = (0, 0);
        for (var b = _counts.Length - 1; b >= 0; b--)
        {
            var count = _counts[b] + carry;
            carry = count & 1;
            total += _counts[b] = (ushort)(count / 2);
        }

        _total = _isStarted ? total : _total / 2;
    }

    private void Refresh()
    {
        if (!_isStarted) return;
        var (above, excess, b) = (0, 0.0, _counts.Length - 1);
        for (; b > 0 && above + _counts[b] <= TailShare * _total; b--)
        {
            if (_counts[b] == 0) continue;
            above += _counts[b];
            excess += _counts[b] * Math.Pow(10, (_lowest + b + 0.5) / _binsPerDecade);
        }

        _quantile = (float)Math.Pow(10, (_lowest + b + 1.0) / _binsPerDecade);
        // Nothing beyond the quantile yet: a bin's width stands in for the excess.
        _excess = (float)(above > 0 ? excess / above - _quantile : _quantile * (Math.Pow(10, 1.0 / _binsPerDecade) - 1));
    }
}
