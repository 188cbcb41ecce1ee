namespace ControlPlane.Core.Forecasting.Offline;

/// <summary>
/// One seasonal ARMA with products of polynomials at 1, the short season and the long one, on a differenced series without mean. Coefficients
/// start from the regression of Hannan and Rissanen (1982) and minimise the conditional sum of squares by damped Gauss–Newton.
/// </summary>
internal sealed class SarimaModel
{
    private const int Rounds = 6;
    private const double Largest = 0.98;
    private readonly SarimaOrder _order;
    private readonly double[] _series;
    private readonly int _first;
    private readonly int _shortSeason;
    private readonly int _longSeason;
    private double[] _coefficients;

    /// <param name="order">Number of terms.</param>
    /// <param name="series">Differenced values.</param>
    /// <param name="first">Index of the first error that counts.</param>
    /// <param name="shortSeason">Steps.</param>
    /// <param name="longSeason">Steps.</param>
    public SarimaModel(SarimaOrder order, double[] series, int first, int shortSeason, int longSeason)
    {
        (_order, _series, _first, _shortSeason, _longSeason) = (order, series, first, shortSeason, longSeason);
        _coefficients = new double[order.Count];
        Errors = new double[series.Length];
    }

    /// <summary>One-step errors after <see cref="Fit"/>; 0 before the first that has a past.</summary>
    public double[] Errors { get; private set; }

    /// <summary>φ, seasonal φ, θ, seasonal θ.</summary>
    public ReadOnlySpan<double> Coefficients => _coefficients;

    /// <summary>Finds the coefficients.</summary>
    /// <param name="innovations">Errors of a long autoregression, for the start.</param>
    /// <returns>AICc.</returns>
    public double Fit(double[] innovations)
    {
        Start(innovations);
        var best = Filter(_coefficients, Errors);
        if (double.IsInfinity(best))
        {
            Array.Clear(_coefficients);
            best = Filter(_coefficients, Errors);
        }

        var size = _order.Count;
        var (jacobian, trial, errors) = (new double[size][], new double[size], new double[_series.Length]);
        var damping = 1e-3;
        for (var round = 0; round < Rounds && size > 0; round++)
        {
            Differentiate(jacobian);
            if (!TryStep(jacobian, damping, trial)) break;
            var sum = Filter(trial, errors);
            if (sum < best)
            {
                var gain = 1 - sum / best;
                (_coefficients, trial, Errors, errors, best, damping) = (trial, _coefficients, errors, Errors, sum, damping / 5);
                if (gain < 1e-5) break;
            }
            else damping *= 20;
        }

        var count = _series.Length - _first;
        return count * Math.Log(Math.Max(best, 1e-12 * count) / count) + 2.0 * (size + 1) * count / Math.Max(count - size - 2, 1);
    }

    /// <summary>The differenced steps after the series.</summary>
    /// <param name="values">Filled.</param>
    /// <param name="innovations">What is expected of the errors to come; empty is nothing.</param>
    public void Forecast(Span<double> values, ReadOnlySpan<double> innovations = default)
    {
        var (ar, ma) = (Expand(_coefficients, 0), Expand(_coefficients, 1));
        var count = _series.Length;
        var series = new double[count + values.Length];
        var errors = new double[series.Length];
        _series.CopyTo(series, 0);
        Errors.CopyTo(errors, 0);
        innovations.CopyTo(errors.AsSpan(count));
        for (var t = count; t < series.Length; t++)
        {
            series[t] = errors[t] + Past(ar, series, t) + Past(ma, errors, t);
            values[t - count] = series[t];
        }
    }

    private static double Past((int Lag, double Weight)[] terms, double[] values, int t)
    {
        var sum = 0.0;
        foreach (var (lag, weight) in terms)
            if (lag <= t) sum += weight * values[t - lag];
        return sum;
    }

    /// <summary>Regresses on lags and on the errors of the long autoregression.</summary>
    private void Start(double[] innovations)
    {
        var size = _order.Count;
        if (size == 0) return;
        var lags = Lags().ToArray();
        var (square, row) = (new double[size * size], new double[size]);
        for (var t = _first; t < _series.Length; t++)
        {
            for (var i = 0; i < size; i++) row[i] = t < lags[i].Lag ? 0 : (lags[i].IsError ? innovations : _series)[t - lags[i].Lag];
            for (var i = 0; i < size; i++)
            {
                for (var j = 0; j <= i; j++) square[i * size + j] += row[i] * row[j];
                _coefficients[i] += row[i] * _series[t];
            }
        }

        for (var i = 0; i < size; i++) square[i * size + i] = square[i * size + i] * 1.001 + 1e-9;
        Cholesky.Solve(square, _coefficients, size);
        foreach (ref var coefficient in _coefficients.AsSpan()) coefficient = Math.Clamp(coefficient, -0.9, 0.9);
    }

    private IEnumerable<(int Lag, bool IsError)> Lags()
    {
        for (var i = 1; i <= _order.P; i++) yield return (i, false);
        if (_order.ShortP > 0) yield return (_shortSeason, false);
        if (_order.LongP > 0) yield return (_longSeason, false);
        for (var i = 1; i <= _order.Q; i++) yield return (i, true);
        if (_order.ShortQ > 0) yield return (_shortSeason, true);
        if (_order.LongQ > 0) yield return (_longSeason, true);
    }

    /// <summary>Multiplies the polynomials out: lag and weight of each past value (side 0) or error (side 1).</summary>
    private (int Lag, double Weight)[] Expand(double[] coefficients, int side)
    {
        var start = side == 0 ? 0 : _order.P + _order.ShortP + _order.LongP;
        var (plain, isShort, isLong) = side == 0 ? (_order.P, _order.ShortP, _order.LongP) : (_order.Q, _order.ShortQ, _order.LongQ);
        var sign = side == 0 ? -1.0 : 1.0;
        var terms = new List<(int Lag, double Weight)> { (0, 1) };
        for (var i = 0; i < plain; i++) terms.Add((i + 1, sign * coefficients[start + i]));
        if (isShort > 0) Join(_shortSeason, coefficients[start + plain]);
        if (isLong > 0) Join(_longSeason, coefficients[start + plain + isShort]);
        terms.RemoveAt(0);
        return terms.ConvertAll(t => (t.Lag, sign * t.Weight)).ToArray();

        void Join(int season, double coefficient) =>
            terms.AddRange(terms.ConvertAll(t => (t.Lag + season, t.Weight * sign * coefficient)));
    }

    /// <summary>One-step errors and the sum of their squares; infinite when they diverge or a seasonal coefficient leaves the unit interval.</summary>
    private double Filter(double[] coefficients, double[] errors)
    {
        for (var i = 0; i < coefficients.Length; i++)
            if (!(Math.Abs(coefficients[i]) <= Limit(i))) return double.PositiveInfinity;
        var (ar, ma) = (Expand(coefficients, 0), Expand(coefficients, 1));
        var sum = 0.0;
        for (var t = 0; t < errors.Length; t++)
        {
            var error = errors[t] = _series[t] - Past(ar, _series, t) - Past(ma, errors, t);
            if (!(Math.Abs(error) < 1e6)) return double.PositiveInfinity;
            if (t >= _first) sum += error * error;
        }

        return sum;
    }

    private void Differentiate(double[][] jacobian)
    {
        const double Step = 1e-4;
        for (var i = 0; i < jacobian.Length; i++)
        {
            var column = jacobian[i] ??= new double[_series.Length];
            var value = _coefficients[i];
            var step = value > 0 ? -Step : Step;
            _coefficients[i] = value + step;
            Filter(_coefficients, column);
            _coefficients[i] = value;
            for (var t = 0; t < column.Length; t++) column[t] = (column[t] - Errors[t]) / step;
        }
    }

    private bool TryStep(double[][] jacobian, double damping, double[] trial)
    {
        var size = jacobian.Length;
        var square = new double[size * size];
        var right = new double[size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j <= i; j++) square[i * size + j] = Dot(jacobian[i], jacobian[j]);
            right[i] = -Dot(jacobian[i], Errors);
        }

        for (var i = 0; i < size; i++) square[i * size + i] = square[i * size + i] * (1 + damping) + 1e-9;
        if (!Cholesky.Solve(square, right, size)) return false;
        for (var i = 0; i < size; i++) trial[i] = Math.Clamp(_coefficients[i] + right[i], -Limit(i), Limit(i));
        return true;
    }

    /// <summary>A coefficient that is alone in its polynomial stays within the unit interval.</summary>
    private double Limit(int index)
    {
        var start = _order.P + _order.ShortP + _order.LongP;
        var isFree = index < start ? index < _order.P && _order.P > 1 : index - start < _order.Q && _order.Q > 1;
        return isFree ? 2 : Largest;
    }

    private double Dot(double[] a, double[] b) =>
        System.Numerics.Tensors.TensorPrimitives.Dot<double>(a.AsSpan(_first), b.AsSpan(_first));
}
