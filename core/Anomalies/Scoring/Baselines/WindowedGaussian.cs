namespace ControlPlane.Core.Anomalies.Scoring.Baselines;

/// <summary>
/// The benchmark's simplest detector: one minus the normal tail probability of a value by mean and deviation of up to 6,400 values before
/// it, which move on by 100. Its published scores check the scorer.
/// </summary>
public sealed class WindowedGaussian
{
    private const int Window = 6400;
    private const int Step = 100;

    /// <summary>The root of 2 as the benchmark's detector has it.</summary>
    private const double RootOfTwo = 1.4142;
    private const double LeastDeviation = 1e-6;
    private readonly List<double> _values = [];
    private readonly List<double> _next = [];
    private double _base;
    private double _sum;
    private double _squares;
    private double _mean;
    private double _deviation = 1;

    /// <summary>Scores a value, 0 to 1, and takes it in.</summary>
    public double Next(double value)
    {
        var score = _values.Count > 0 ? 1 - Tail(Math.Abs(value - _mean) / _deviation) : 0;
        if (_values.Count == 0) _base = value;
        if (_values.Count < Window)
        {
            _values.Add(value);
            Count(value);
            Settle();
            return score;
        }

        _next.Add(value);
        if (_next.Count < Step) return score;
        _values.RemoveRange(0, Step);
        _values.AddRange(_next);
        _next.Clear();
        (_sum, _squares) = (0, 0);
        foreach (var kept in _values) Count(kept);
        Settle();
        return score;
    }

    private void Count(double value)
    {
        _sum += value - _base;
        _squares += (value - _base) * (value - _base);
    }

    private void Settle()
    {
        var offset = _sum / _values.Count;
        _mean = _base + offset;
        var variance = _squares / _values.Count - offset * offset;
        _deviation = variance > 0 ? Math.Sqrt(variance) : LeastDeviation;
    }

    /// <summary>Half of the complementary error function: of z ÷ 1.4142, by its continued fraction where that is short, else by its series.</summary>
    private static double Tail(double z)
    {
        var x = z / RootOfTwo;
        if (x > 26) return 0;
        return 0.5 * (x < 2 ? 1 - Series(x) : Fraction(x));
    }

    private static double Series(double x)
    {
        var (term, sum) = (x, x);
        for (var n = 1; n < 100 && Math.Abs(term) > 1e-18 * Math.Abs(sum); n++)
        {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }

    private static double Fraction(double x)
    {
        var tail = x;
        for (var n = 120; n > 0; n--) tail = x + n / 2.0 / tail;
        return Math.Exp(-x * x) / (Math.Sqrt(Math.PI) * tail);
    }
}
