using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Ensemble;

/// <summary>
/// Weights of the members at one horizon, one set a quantile level, by Bernstein online aggregation on the gradient of the pinball loss
/// (Wintenberger 2017) with forgetting. The loss is that of the demand itself.
/// </summary>
internal sealed class LevelWeights
{
    private const double FixedShare = 0.01;
    private static readonly TimeSpan Memory = TimeSpan.FromDays(8);
    private readonly float[] _priors;
    private readonly int _members;
    private readonly double _keep;
    private readonly double _logMembers;
    private readonly double _keepPrior;
    private readonly float[] _weights;
    private readonly float[] _regret;
    private readonly float[] _square;
    private readonly float[] _largest = new float[QuantileGrid.Count];

    /// <param name="priors">What is known of the members before they were tried, ln of weights.</param>
    /// <param name="priorMemory">Over what time that is forgotten.</param>
    /// <param name="interval">Time between two outcomes.</param>
    public LevelWeights(float[] priors, TimeSpan priorMemory, TimeSpan interval)
    {
        var members = priors.Length;
        (_priors, _members) = (priors, members);
        _keep = Math.Exp(-interval / Memory);
        _keepPrior = Math.Exp(-interval / priorMemory);
        _logMembers = Math.Log(Math.Max(members, 2));
        _weights = new float[QuantileGrid.Count * members];
        _regret = new float[QuantileGrid.Count * members];
        _square = new float[QuantileGrid.Count * members];
    }

    /// <summary>A member's weights by level of the grid.</summary>
    public ReadOnlySpan<float> Of(int member) => _weights.AsSpan(member * QuantileGrid.Count, QuantileGrid.Count);

    /// <summary>Learns how a member would have changed the loss of one outcome.</summary>
    /// <param name="outcome">What came.</param>
    /// <param name="member">The member.</param>
    /// <param name="said">Its quantiles, by level.</param>
    /// <param name="combined">The combination that was given, by level.</param>
    public void Learn(double outcome, int member, ReadOnlySpan<float> said, ReadOnlySpan<float> combined)
    {
        var start = member * QuantileGrid.Count;
        for (var level = 0; level < said.Length; level++)
        {
            var slope = (outcome < combined[level] ? 1 : 0) - QuantileGrid.Levels[level];
            var r = slope * (combined[level] - said[level]);
            _largest[level] = Math.Max(_largest[level], (float)Math.Abs(r));
            var rate = Rate(level, start + level);
            _regret[start + level] = (float)(_keep * _regret[start + level] + r - rate * r * r);
            _square[start + level] = (float)(_keep * _square[start + level] + r * r);
        }
    }

    /// <summary>Comes before the members of one outcome.</summary>
    public void Fade()
    {
        for (var level = 0; level < _largest.Length; level++) _largest[level] *= (float)_keep;
    }

    /// <summary>Recomputes the weights over the members that are awake.</summary>
    public void Refresh(ReadOnlySpan<bool> awake, int scores)
    {
        var trust = Math.Pow(_keepPrior, scores);
        Span<double> exponents = stackalloc double[_members];
        for (var level = 0; level < QuantileGrid.Count; level++)
        {
            var (top, sum, count) = (double.NegativeInfinity, 0.0, 0);
            for (var m = 0; m < _members; m++)
            {
                if (awake[m]) top = Math.Max(top, exponents[m] = Exponent(level, m * QuantileGrid.Count + level) + trust * _priors[m]);
            }

            for (var m = 0; m < _members; m++)
            {
                if (!awake[m]) continue;
                sum += exponents[m] = Math.Exp(exponents[m] - top);
                count++;
            }

            for (var m = 0; m < _members; m++)
                _weights[m * QuantileGrid.Count + level] = awake[m] ? (float)((1 - FixedShare) * exponents[m] / sum + FixedShare / count) : 0;
        }
    }

    /// <summary>Saves what the weights follow from; after a load they want <see cref="Refresh"/>.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(_regret);
        writer.Write(_square);
        writer.Write(_largest);
    }

    public void Load(ref StateReader reader)
    {
        reader.Read(_regret);
        reader.Read(_square);
        reader.Read(_largest);
    }

    private double Rate(int level, int index) =>
        _square[index] <= 0 ? 0 : Math.Min(1 / (2 * Math.Max(_largest[level], float.Epsilon)), Math.Sqrt(_logMembers / _square[index]));

    /// <summary>ln(η·e^{ηR}).</summary>
    private double Exponent(int level, int index)
    {
        var rate = Rate(level, index);
        return rate <= 0 ? double.MinValue / 4 : Math.Log(rate) + rate * _regret[index];
    }
}
