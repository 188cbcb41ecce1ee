using System.Numerics;
using System.Numerics.Tensors;

namespace ControlPlane.Core.Forecasting.Offline;

/// <summary>
/// Ridge regression of one series on its own lags and one level per step of the season, on a scale, weighted towards the recent and
/// robust by Huber's weights; forecasts step by step on its own answers. Deterministic.
/// </summary>
internal sealed class LagRidge
{
    private const double HuberWidth = 1.99;
    private readonly LagRidgeOptions _options;
    private readonly int _lags;
    private readonly int _longest;
    private readonly double[] _coefficients;
    private readonly double _mean;
    private readonly double _deviation;
    private readonly double _lowest;
    private readonly double _highest;
    private readonly int _length;

    private LagRidge(LagRidgeOptions options, ReadOnlySpan<double> series)
    {
        _options = options;
        _lags = options.Lags.Length;
        _longest = options.Lags[^1];
        _length = series.Length;
        _coefficients = new double[_lags + options.Season];
        (_lowest, _highest) = (double.MaxValue, double.MinValue);
        var (sum, squares) = (0.0, 0.0);
        foreach (var value in series)
        {
            (_lowest, _highest) = (Math.Min(_lowest, value), Math.Max(_highest, value));
            sum += options.Scale.To(value);
        }

        _mean = sum / series.Length;
        foreach (var value in series) squares += Square(options.Scale.To(value) - _mean);
        _deviation = Math.Sqrt(squares / series.Length) is > 1e-9 and var deviation ? deviation : 1;
    }

    /// <summary>Fits a series.</summary>
    /// <param name="series">Finite values, oldest first, longer than the longest lag.</param>
    /// <param name="options">What to regress on.</param>
    /// <exception cref="ArgumentException">The series is too short or holds a value that is not finite.</exception>
    public static LagRidge Fit(ReadOnlySpan<double> series, LagRidgeOptions options)
    {
        if (series.Length <= options.Lags[^1]) throw new ArgumentException("The series is not longer than the longest lag.", nameof(series));
        if (!TensorPrimitives.IsFiniteAll(series)) throw new ArgumentException("The series has a value that is not finite.", nameof(series));
        var model = new LagRidge(options, series);
        model.Estimate(model.Standardise(series));
        return model;
    }

    /// <summary>The steps after the series, on its own scale.</summary>
    /// <param name="series">The series that was fitted, or a longer one that goes on from it.</param>
    /// <param name="values">Filled, one entry a step.</param>
    public void Forecast(ReadOnlySpan<double> series, Span<double> values)
    {
        var known = Standardise(series[^_longest..]);
        Span<double> window = stackalloc double[_longest + values.Length];
        known.CopyTo(window);
        Roll(window, series.Length, values.Length);
        for (var h = 0; h < values.Length; h++)
            values[h] = Math.Clamp(_options.Scale.From(window[_longest + h] * _deviation + _mean), _lowest - 0.2 * Math.Abs(_lowest), _highest + 0.2 * Math.Abs(_highest));
    }

    /// <summary>
    /// Errors (actual − forecast, on the model's scale, in its own units) of forecasts from every origin within the series.
    /// </summary>
    /// <param name="series">The series that was fitted.</param>
    /// <param name="horizon">Steps ahead.</param>
    /// <param name="visit">Gets the origin (index of the first step ahead) and the errors, NaN past the end.</param>
    public void RollErrors(ReadOnlySpan<double> series, int horizon, Action<int, double[]> visit)
    {
        var z = Standardise(series);
        var errors = new double[horizon];
        Span<double> window = stackalloc double[_longest + horizon];
        for (var origin = _longest; origin < z.Length; origin++)
        {
            z.AsSpan(origin - _longest, _longest).CopyTo(window);
            var steps = Math.Min(horizon, z.Length - origin);
            Roll(window, origin, steps);
            errors.AsSpan().Fill(double.NaN);
            for (var h = 0; h < steps; h++) errors[h] = (z[origin + h] - window[_longest + h]) * _deviation;
            visit(origin, errors);
        }
    }

    /// <summary>Forecasts from every origin within a series, on the model's scale; entry <c>[origin]</c> is null where lags are missing.</summary>
    /// <param name="series">The series that was fitted, or a longer one.</param>
    /// <param name="horizon">Steps ahead.</param>
    /// <param name="first">Origins before this one are left out.</param>
    public float[]?[] RollForecasts(ReadOnlySpan<double> series, int horizon, int first = 0)
    {
        var z = Standardise(series);
        var result = new float[z.Length + 1][];
        Span<double> window = stackalloc double[_longest + horizon];
        for (var origin = Math.Max(_longest, first); origin <= z.Length; origin++)
        {
            z.AsSpan(origin - _longest, _longest).CopyTo(window);
            Roll(window, origin, horizon);
            var row = result[origin] = new float[horizon];
            for (var h = 0; h < horizon; h++) row[h] = (float)(window[_longest + h] * _deviation + _mean);
        }

        return result;
    }

    private static double Square(double value) => value * value;

    private double[] Standardise(ReadOnlySpan<double> series)
    {
        var z = new double[series.Length];
        for (var i = 0; i < z.Length; i++) z[i] = (_options.Scale.To(series[i]) - _mean) / _deviation;
        return z;
    }

    /// <summary>Fills the window behind its known part; <paramref name="start"/> tells the place in the season.</summary>
    private void Roll(Span<double> window, int start, int steps)
    {
        var limit = 20.0;
        for (var h = 0; h < steps; h++)
        {
            var sum = _coefficients[_lags + (start + h) % _options.Season];
            for (var l = 0; l < _lags; l++) sum += _coefficients[l] * window[_longest + h - _options.Lags[l]];
            window[_longest + h] = Math.Clamp(sum, -limit, limit);
        }
    }

    private void Estimate(double[] z)
    {
        var rows = z.Length - _longest;
        if (rows < 1) return;
        var width = (_lags + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count;
        var design = new double[rows * width];
        for (var r = 0; r < rows; r++)
            for (var l = 0; l < _lags; l++) design[r * width + l] = z[_longest + r - _options.Lags[l]];
        var weights = new double[rows];
        var fade = Math.Pow(0.5, 1 / _options.HalfLife);
        for (var (r, weight) = (rows - 1, 1.0); r >= 0; r--, weight *= fade) weights[r] = weight;
        var robust = new double[rows];
        weights.CopyTo(robust, 0);
        var residuals = new double[rows];
        for (var round = 0; ; round++)
        {
            Solve(design, width, robust, z);
            if (round == _options.Rounds) return;
            for (var r = 0; r < rows; r++)
            {
                var fitted = _coefficients[_lags + (_longest + r) % _options.Season];
                fitted += TensorPrimitives.Dot<double>(design.AsSpan(r * width, _lags), _coefficients.AsSpan(0, _lags));
                residuals[r] = Math.Abs(z[_longest + r] - fitted);
            }

            var sorted = (double[])residuals.Clone();
            Array.Sort(sorted);
            var bound = HuberWidth * Math.Max(sorted[rows / 2], 1e-9);
            for (var r = 0; r < rows; r++) robust[r] = weights[r] * Math.Min(1, bound / Math.Max(residuals[r], 1e-12));
        }
    }

    /// <summary>The levels of the season meet only themselves and the lags, so that the sums over them are cheap.</summary>
    private void Solve(double[] design, int width, double[] weights, double[] z)
    {
        var size = _coefficients.Length;
        var square = new double[size * size];
        var right = new double[size];
        var row = new double[width];
        for (var r = 0; r < weights.Length; r++)
        {
            var weight = weights[r];
            var target = weight * z[_longest + r];
            var x = design.AsSpan(r * width, width);
            TensorPrimitives.Multiply(x, weight, row);
            for (var i = 0; i < _lags; i++) TensorPrimitives.MultiplyAdd(x[..(i + 1)], row[i], square.AsSpan(i * size, i + 1), square.AsSpan(i * size, i + 1));
            var level = _lags + (_longest + r) % _options.Season;
            TensorPrimitives.Add(square.AsSpan(level * size, _lags), row.AsSpan(0, _lags), square.AsSpan(level * size, _lags));
            square[level * size + level] += weight;
            TensorPrimitives.MultiplyAdd(x[.._lags], target, right.AsSpan(0, _lags), right.AsSpan(0, _lags));
            right[level] += target;
        }

        for (var i = 0; i < size; i++) square[i * size + i] += i < _lags ? _options.LagPenalty : _options.SeasonPenalty;
        Cholesky.Solve(square, right, size);
        right.CopyTo(_coefficients, 0);
    }
}
