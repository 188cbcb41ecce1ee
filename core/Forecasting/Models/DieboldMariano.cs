using MathNet.Numerics.Distributions;

namespace ControlPlane.Core.Forecasting.Models;

/// <summary>Outcome of a test whether paired loss differences have a positive mean.</summary>
/// <param name="Mean">Mean difference.</param>
/// <param name="Statistic">The statistic; NaN when there is nothing to judge from.</param>
/// <param name="PValue">Probability of a statistic at least this large when the means are equal (one-sided); 1 when there is nothing to judge from.</param>
public readonly record struct MeanTest(double Mean, double Statistic, double PValue);

/// <summary>
/// Equal forecast accuracy of two models by the differences of their losses on the same outcomes (Diebold and Mariano, 1995). A positive
/// difference says that the second model was better.
/// </summary>
public static class DieboldMariano
{
    private const int FewestCosines = 4;
    private static readonly MeanTest Nothing = new(0, double.NaN, 1);

    /// <summary>
    /// The statistic with the variance of <paramref name="horizon"/>-step forecasts (autocovariances up to horizon − 1; Bartlett weights where those
    /// give no positive variance) and the small-sample correction of Harvey, Leybourne and Newbold (1997) against t with n − 1 degrees of freedom.
    /// </summary>
    /// <param name="differences">Loss of the first model minus loss of the second, oldest first.</param>
    /// <param name="horizon">Steps ahead that were predicted, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The horizon is below 1.</exception>
    public static MeanTest Corrected(ReadOnlySpan<double> differences, int horizon)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(horizon, 1);
        var n = differences.Length;
        if (n < 2 || n <= horizon) return Nothing;
        var mean = Mean(differences);
        var variance = LongRunVariance(differences, mean, horizon - 1, bartlett: false);
        if (!(variance > 0)) variance = LongRunVariance(differences, mean, horizon - 1, bartlett: true);
        if (!(variance > 0)) return Constant(mean);
        var correction = Math.Sqrt((n + 1 - 2.0 * horizon + horizon * (horizon - 1.0) / n) / n);
        var statistic = correction * mean / Math.Sqrt(variance / n);
        return new MeanTest(mean, statistic, UpperTail(statistic, n - 1));
    }

    /// <summary>
    /// The statistic with a variance that also holds when differences are correlated over long times: the mean of squares of the first
    /// 0.4·n^(2/3) cosine transforms (at least 4), against t with as many degrees of freedom (Lazarus, Lewis, Stock and Watson, 2018).
    /// </summary>
    /// <param name="differences">Loss of the first model minus loss of the second, oldest first.</param>
    public static MeanTest Robust(ReadOnlySpan<double> differences)
    {
        var n = differences.Length;
        if (n <= FewestCosines) return Nothing;
        var mean = Mean(differences);
        var cosines = Math.Max(FewestCosines, (int)(0.4 * Math.Pow(n, 2 / 3.0)));
        var squares = 0.0;
        for (var j = 1; j <= cosines; j++)
        {
            var sum = 0.0;
            for (var i = 0; i < n; i++) sum += (differences[i] - mean) * Math.Cos(Math.PI * j * (i + 0.5) / n);
            squares += 2.0 / n * sum * sum;
        }
        var variance = squares / cosines;
        if (!(variance > 0)) return Constant(mean);
        var statistic = mean / Math.Sqrt(variance / n);
        return new MeanTest(mean, statistic, UpperTail(statistic, cosines));
    }

    /// <summary>Differences that never vary say nothing when they are 0, and all when they are not.</summary>
    private static MeanTest Constant(double mean) => mean switch
    {
        > 0 => new MeanTest(mean, double.PositiveInfinity, 0),
        < 0 => new MeanTest(mean, double.NegativeInfinity, 1),
        _ => Nothing,
    };

    private static double UpperTail(double statistic, double degrees) => StudentT.CDF(0, 1, degrees, -statistic);

    private static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values) sum += value;
        return sum / values.Length;
    }

    private static double LongRunVariance(ReadOnlySpan<double> values, double mean, int lags, bool bartlett)
    {
        var variance = Autocovariance(values, mean, 0);
        for (var lag = 1; lag <= lags; lag++)
            variance += 2 * (bartlett ? 1 - lag / (lags + 1.0) : 1) * Autocovariance(values, mean, lag);
        return variance;
    }

    private static double Autocovariance(ReadOnlySpan<double> values, double mean, int lag)
    {
        var sum = 0.0;
        for (var i = lag; i < values.Length; i++) sum += (values[i] - mean) * (values[i - lag] - mean);
        return sum / values.Length;
    }
}
