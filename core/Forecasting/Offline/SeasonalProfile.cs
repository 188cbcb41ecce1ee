namespace ControlPlane.Core.Forecasting.Offline;

/// <summary>
/// Splits a series into seasons and the rest, as MSTL does (Bandara, Hyndman, Bergmeir, 2021): season by season, shortest first and over again,
/// each place of a season smoothed over its cycles around a moving mean. Robust by bisquare weights.
/// </summary>
internal sealed class SeasonalProfile
{
    private const int Rounds = 2;
    private readonly int[] _seasons;
    private readonly double[][] _terms;
    private readonly double[] _weights;

    /// <param name="series">Values on an additive scale.</param>
    /// <param name="seasons">Steps of each season, ascending; each with at least two cycles.</param>
    /// <param name="span">Cycles before and after that the smoothing of a place reaches; large is the same season throughout.</param>
    public SeasonalProfile(ReadOnlySpan<double> series, int[] seasons, double span = 7)
    {
        _seasons = seasons;
        var length = series.Length;
        _terms = Array.ConvertAll(seasons, _ => new double[length]);
        _weights = new double[length];
        _weights.AsSpan().Fill(1);
        Adjusted = series.ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            for (var s = 0; s < seasons.Length; s++) Refine(s, span);
            if (seasons.Length > 0 && round + 1 < Rounds) Reweight();
        }
    }

    /// <summary>The series without its seasons.</summary>
    public double[] Adjusted { get; }

    /// <summary>Sum of the seasons at a step after the series.</summary>
    public double At(int ahead)
    {
        var sum = 0.0;
        for (var s = 0; s < _seasons.Length; s++) sum += _terms[s][^(_seasons[s] - ahead % _seasons[s])];
        return sum;
    }

    private void Refine(int index, double span)
    {
        var (season, term) = (_seasons[index], _terms[index]);
        for (var t = 0; t < term.Length; t++) Adjusted[t] += term[t];
        var centre = MovingMean(Adjusted, season);
        for (var t = 0; t < term.Length; t++) term[t] = Smooth(t, season, span, centre);
        var drift = MovingMean(term, season);
        for (var t = 0; t < term.Length; t++)
        {
            term[t] -= drift[t];
            Adjusted[t] -= term[t];
        }
    }

    /// <summary>Mean of what the same place of other cycles has above the moving mean, by tricube weights of their distance.</summary>
    private double Smooth(int t, int season, double span, double[] centre)
    {
        var (sum, total) = (0.0, 1e-9);
        for (var u = t % season; u < Adjusted.Length; u += season)
        {
            var distance = Math.Abs(u - t) / (double)season / span;
            if (distance >= 1) continue;
            var cube = 1 - distance * distance * distance;
            var weight = cube * cube * cube * _weights[u];
            sum += weight * (Adjusted[u] - centre[u]);
            total += weight;
        }

        return sum / total;
    }

    private void Reweight()
    {
        var centre = MovingMean(Adjusted, _seasons[0]);
        var sizes = new double[Adjusted.Length];
        for (var t = 0; t < sizes.Length; t++) sizes[t] = Math.Abs(Adjusted[t] - centre[t]);
        var sorted = (double[])sizes.Clone();
        Array.Sort(sorted);
        var bound = 6 * Math.Max(sorted[sorted.Length / 2], 1e-9);
        for (var t = 0; t < sizes.Length; t++)
        {
            var ratio = Math.Min(sizes[t] / bound, 1);
            _weights[t] = Math.Max((1 - ratio * ratio) * (1 - ratio * ratio), 1e-6);
        }
    }

    /// <summary>Mean over one whole season around each step, shifted inwards at the ends.</summary>
    private static double[] MovingMean(double[] values, int season)
    {
        var sums = new double[values.Length + 1];
        for (var t = 0; t < values.Length; t++) sums[t + 1] = sums[t] + values[t];
        var means = new double[values.Length];
        for (var t = 0; t < values.Length; t++)
        {
            var from = Math.Clamp(t - season / 2, 0, values.Length - season);
            means[t] = (sums[from + season] - sums[from]) / season;
        }

        return means;
    }
}
