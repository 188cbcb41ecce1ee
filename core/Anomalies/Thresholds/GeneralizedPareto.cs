namespace ControlPlane.Core.Anomalies.Thresholds;

/// <summary>
/// The distribution of excesses over a high threshold (Pickands 1975), fitted by maximum likelihood reduced to one unknown, the shape
/// divided by the scale (Grimshaw, Technometrics 1993).
/// </summary>
/// <param name="Shape">γ: 0 is exponential, above 0 heavier.</param>
/// <param name="Scale">σ, in the unit of the excesses, above 0.</param>
internal readonly record struct GeneralizedPareto(double Shape, double Scale)
{
    private const int Grid = 24;
    private const int Refinements = 30;
    private const double Negligible = 1e-8;
    private const double GoldenShare = 0.618033988749895;

    /// <summary>Heavier tails than this have no variance; a few peaks must not suggest one.</summary>
    private const double LargestShape = 0.5;

    /// <summary>Fits excesses, all above 0. Without any the scale is 0.</summary>
    public static GeneralizedPareto Fit(ReadOnlySpan<double> excesses)
    {
        if (excesses.Length == 0) return default;
        var (sum, largest) = (0.0, 0.0);
        foreach (var y in excesses)
        {
            sum += y;
            largest = Math.Max(largest, y);
        }

        var mean = sum / excesses.Length;
        // θ = γ/σ lies above -1/largest. In units of the mean, u = asinh-like spacing covers light and heavy tails.
        var low = -(1 - 1e-6) / largest;
        var high = 10 / mean;
        var (bestTheta, best) = (0.0, Exponential(mean, excesses.Length));
        var step = 1.0 / Grid;
        var bestAt = double.NaN;
        for (var i = 0; i <= Grid; i++)
        {
            var theta = Theta(i * step, low, high);
            var likelihood = Likelihood(theta, excesses);
            if (likelihood > best) (bestTheta, best, bestAt) = (theta, likelihood, i * step);
        }

        if (!double.IsNaN(bestAt)) bestTheta = Refine(Math.Max(0, bestAt - step), Math.Min(1, bestAt + step), low, high, excesses);
        return Of(bestTheta, mean, excesses);
    }

    /// <summary>The excess that is exceeded with a probability.</summary>
    /// <param name="probability">In (0, 1].</param>
    public double Quantile(double probability) => Math.Abs(Shape) < Negligible
        ? -Scale * Math.Log(probability)
        : Scale / Shape * (Math.Pow(probability, -Shape) - 1);

    /// <summary>Negative values of θ take the first third of the way from 0 to 1, positive ones grow with its square.</summary>
    private static double Theta(double at, double low, double high)
    {
        const double Split = 1.0 / 3;
        if (at < Split) return low * (1 - at / Split);
        var positive = (at - Split) / (1 - Split);
        return high * positive * positive;
    }

    private static double Refine(double from, double to, double low, double high, ReadOnlySpan<double> excesses)
    {
        var (a, b) = (to - GoldenShare * (to - from), from + GoldenShare * (to - from));
        var (atA, atB) = (Likelihood(Theta(a, low, high), excesses), Likelihood(Theta(b, low, high), excesses));
        for (var i = 0; i < Refinements; i++)
        {
            if (atA > atB)
            {
                (to, b, atB) = (b, a, atA);
                a = to - GoldenShare * (to - from);
                atA = Likelihood(Theta(a, low, high), excesses);
            }
            else
            {
                (from, a, atA) = (a, b, atB);
                b = from + GoldenShare * (to - from);
                atB = Likelihood(Theta(b, low, high), excesses);
            }
        }

        return Theta((from + to) / 2, low, high);
    }

    private static GeneralizedPareto Of(double theta, double mean, ReadOnlySpan<double> excesses)
    {
        if (Math.Abs(theta) * mean < Negligible) return new GeneralizedPareto(0, mean);
        var shape = Math.Min(LargestShape, MeanLog(theta, excesses));
        return new GeneralizedPareto(shape, shape / theta);
    }

    private static double MeanLog(double theta, ReadOnlySpan<double> excesses)
    {
        var sum = 0.0;
        foreach (var y in excesses) sum += Math.Log(1 + theta * y);
        return sum / excesses.Length;
    }

    /// <summary>Log likelihood with the shape that is best for θ.</summary>
    private static double Likelihood(double theta, ReadOnlySpan<double> excesses)
    {
        var shape = MeanLog(theta, excesses);
        var scale = shape / theta;
        // Shapes below -1 have an unbounded likelihood and describe nothing.
        return scale > 0 && shape is > -1 and <= LargestShape ? -excesses.Length * (Math.Log(scale) + 1 + shape) : double.NegativeInfinity;
    }

    private static double Exponential(double mean, int count) => -count * (Math.Log(mean) + 1);
}
