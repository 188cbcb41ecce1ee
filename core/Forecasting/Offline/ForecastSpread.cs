using System.Numerics.Tensors;

namespace ControlPlane.Core.Forecasting.Offline;

/// <summary>
/// How far forecasts of a series miss, by steps ahead: the root of the mean squared error of a ridge rolled over every origin of the series,
/// where recent origins and those at the same time of day count most. Errors are logarithms where every value is positive.
/// </summary>
internal sealed class ForecastSpread
{
    private const double HalfLife = 336;
    private const double HoursAround = 3;
    private const double Normal95 = 1.959964;
    private readonly bool _isLogarithm;
    private readonly double[] _sigma;

    private ForecastSpread(bool isLogarithm, double[] sigma) => (_isLogarithm, _sigma) = (isLogarithm, sigma);

    /// <summary>Measures a series.</summary>
    /// <param name="series">Finite values, longer than the longest lag.</param>
    /// <param name="options">The ridge; its scale is chosen here.</param>
    /// <param name="horizon">Steps ahead.</param>
    public static ForecastSpread Measure(ReadOnlySpan<double> series, LagRidgeOptions options, int horizon)
    {
        var isLogarithm = TensorPrimitives.Min(series) > 0;
        var ridge = LagRidge.Fit(series, options with { Scale = isLogarithm ? SeriesScale.Logarithm : SeriesScale.Level });
        var (squares, weights) = (new double[horizon], new double[horizon]);
        var (length, season) = (series.Length, options.Season);
        ridge.RollErrors(series, horizon, (origin, errors) =>
        {
            var apart = (length - origin) % season;
            apart = Math.Min(apart, season - apart);
            var weight = Math.Exp(-0.5 * apart * apart / (HoursAround * HoursAround)) * Math.Pow(0.5, (length - origin) / HalfLife);
            for (var h = 0; h < horizon && !double.IsNaN(errors[h]); h++) Spread(h, weight, errors[h]);
        });
        return new ForecastSpread(isLogarithm, Array.ConvertAll([.. Enumerable.Range(0, horizon)], h => Math.Sqrt(squares[h] / Math.Max(weights[h], 1e-300))));

        // An error also tells of the steps next to it.
        void Spread(int h, double weight, double error)
        {
            for (var near = Math.Max(0, h - 1); near <= Math.Min(horizon - 1, h + 1); near++)
            {
                squares[near] += weight * error * error;
                weights[near] += weight;
            }
        }
    }

    /// <summary>A 95% interval around a forecast.</summary>
    /// <param name="point">The forecast.</param>
    /// <param name="factor">The forecast's errors relative to those measured.</param>
    public (double[] Lower, double[] Upper) Interval(double[] point, double factor)
    {
        var (lower, upper) = (new double[point.Length], new double[point.Length]);
        for (var h = 0; h < point.Length; h++)
        {
            var width = Normal95 * factor * _sigma[h];
            (lower[h], upper[h]) = _isLogarithm ? (point[h] * Math.Exp(-width), point[h] * Math.Exp(Math.Min(width, 100))) : (point[h] - width, point[h] + width);
            if (lower[h] > upper[h]) (lower[h], upper[h]) = (upper[h], lower[h]);
        }

        return (lower, upper);
    }

    /// <summary>Mean squared error of a forecast, in units of the squared errors measured.</summary>
    public double Relative(ReadOnlySpan<double> actual, ReadOnlySpan<double> point)
    {
        var sum = 0.0;
        for (var h = 0; h < actual.Length; h++)
        {
            var error = _isLogarithm ? Math.Log(Math.Max(actual[h], Least) / Math.Max(point[h], Least)) : actual[h] - point[h];
            sum += Math.Min(error * error / Math.Max(_sigma[h] * _sigma[h], Least), MostSquared);
        }

        return sum / actual.Length;
    }

    private const double Least = 1e-12;
    private const double MostSquared = 1e4;
}
