using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Ensemble;

/// <summary>
/// Weights of the members at one horizon, one set a band of quantile levels, by Bernstein online aggregation on the gradient of the pinball
/// loss (Wintenberger 2017) with forgetting: the best member wins within hours and a bad one costs little.
/// </summary>
internal sealed class ExpertWeights
{
    /// <summary>Bands of levels, each learnt at one level of the grid: below 0.25, to 0.75, to 0.95, above.</summary>
    public const int Bands = 4;

    private const double FixedShare = 0.01;
    private static readonly int[] Anchors = [2, 4, 6, 9];
    private readonly int _members;
    private readonly double _keep;
    private readonly double _logMembers;
    private readonly float[] _weights;
    private readonly float[] _byLevel;
    private readonly float[] _regret;
    private readonly float[] _square;
    private readonly float[] _largest = new float[Bands];

    public ExpertWeights(int members, TimeSpan interval)
    {
        _members = members;
        _keep = Math.Exp(-interval / TimeSpan.FromDays(2));
        _logMembers = Math.Log(Math.Max(members, 2));
        _weights = new float[Bands * members];
        _byLevel = new float[QuantileGrid.Count * members];
        _regret = new float[Bands * members];
        _square = new float[Bands * members];
    }

    /// <summary>A member's weights by level of the grid.</summary>
    public ReadOnlySpan<float> Of(int member) => _byLevel.AsSpan(member * QuantileGrid.Count, QuantileGrid.Count);

    /// <summary>Learns from one outcome.</summary>
    /// <param name="outcome">What came.</param>
    /// <param name="points">The members' middles; NaN where there was none.</param>
    /// <param name="residuals">The members' errors so far.</param>
    /// <param name="combined">The combination that was given, by level.</param>
    public void Learn(double outcome, ReadOnlySpan<float> points, ReadOnlySpan<ErrorDistribution> residuals, ReadOnlySpan<float> combined)
    {
        for (var band = 0; band < Bands; band++)
        {
            var anchor = Anchors[band];
            var given = combined[anchor];
            if (float.IsNaN(given)) continue;
            _largest[band] *= (float)_keep;
            var slope = (outcome < given ? 1 : 0) - QuantileGrid.Levels[anchor];
            for (var m = 0; m < _members; m++)
            {
                if (float.IsNaN(points[m])) continue;
                var r = slope * (given - points[m] - residuals[m].Quantile(anchor));
                _largest[band] = Math.Max(_largest[band], (float)Math.Abs(r));
                Learn(band, band * _members + m, r);
            }
        }
    }

    /// <summary>Recomputes the weights over the members that are awake.</summary>
    public void Refresh(ReadOnlySpan<bool> awake)
    {
        Span<double> exponents = stackalloc double[_members];
        for (var band = 0; band < Bands; band++)
        {
            var weights = _weights.AsSpan(band * _members, _members);
            var (top, sum, count) = (double.NegativeInfinity, 0.0, 0);
            for (var m = 0; m < _members; m++)
            {
                if (awake[m]) top = Math.Max(top, exponents[m] = Exponent(band, m));
            }

            for (var m = 0; m < _members; m++)
            {
                weights[m] = awake[m] ? (float)Math.Exp(exponents[m] - top) : 0;
                sum += weights[m];
                if (awake[m]) count++;
            }

            for (var m = 0; m < _members; m++)
            {
                if (awake[m]) weights[m] = (float)((1 - FixedShare) * weights[m] / sum + FixedShare / count);
            }
        }

        for (var i = 0; i < _byLevel.Length; i++)
        {
            _byLevel[i] = _weights[BandOf(i % QuantileGrid.Count) * _members + i / QuantileGrid.Count];
        }
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_byLevel);
        writer.Write(_weights);
        writer.Write(_regret);
        writer.Write(_square);
        writer.Write(_largest);
    }

    public void Load(ref StateReader reader)
    {
        reader.Read(_byLevel);
        reader.Read(_weights);
        reader.Read(_regret);
        reader.Read(_square);
        reader.Read(_largest);
    }

    private void Learn(int band, int index, double r)
    {
        var rate = Rate(band, index);
        _regret[index] = (float)(_keep * _regret[index] + r - rate * r * r);
        _square[index] = (float)(_keep * _square[index] + r * r);
    }

    private double Rate(int band, int index)
    {
        if (_square[index] <= 0) return 0;
        var byVariance = Math.Sqrt(_logMembers / _square[index]);
        return Math.Min(1 / (2 * Math.Max(_largest[band], float.Epsilon)), byVariance);
    }

    private static int BandOf(int level) => level < 3 ? 0 : level < 6 ? 1 : level < 8 ? 2 : 3;

    /// <summary>ln(η·e^{ηR}).</summary>
    private double Exponent(int band, int member)
    {
        var index = band * _members + member;
        var rate = Rate(band, index);
        return rate <= 0 ? double.MinValue / 4 : Math.Log(rate) + rate * _regret[index];
    }
}
