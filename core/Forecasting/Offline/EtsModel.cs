namespace ControlPlane.Core.Forecasting.Offline;

/// <summary>One form of exponential smoothing on one series of an additive scale.</summary>
internal sealed class EtsModel
{
    private readonly EtsForm _form;
    private readonly double[] _series;
    private readonly int _warmUp;
    private readonly double _startLevel;
    private readonly double[][] _startTerms;
    private readonly double[][] _terms;
    private readonly double[] _free;
    private double _level;
    private double _trend;
    private double _error;

    /// <param name="form">Its terms.</param>
    /// <param name="series">Values.</param>
    /// <param name="warmUp">Errors of so many first steps do not count; the same for all forms that are compared.</param>
    public EtsModel(EtsForm form, double[] series, int warmUp)
    {
        (_form, _series, _warmUp) = (form, series, warmUp);
        var longest = form.Seasons.Length == 0 ? 1 : form.Seasons[^1];
        var start = series.AsSpan(0, Math.Min(series.Length, 2 * longest));
        foreach (var value in start[..Math.Min(start.Length, longest)]) _startLevel += value / Math.Min(start.Length, longest);
        _startTerms = Array.ConvertAll(form.Seasons, s => new double[s]);
        _terms = Array.ConvertAll(form.Seasons, s => new double[s]);
        FillStart(start);
        _free = new double[1 + form.Seasons.Length + (form.HasTrend ? 2 : 0) + (form.HasErrorLag ? 1 : 0)];
        _free.AsSpan().Fill(-1.5);
        if (form.HasTrend) (_free[^(form.HasErrorLag ? 3 : 2)], _free[^(form.HasErrorLag ? 2 : 1)]) = (-4, 1.5);
        if (form.HasErrorLag) _free[^1] = 0;
    }

    /// <summary>Share of the observations that the criterion counts.</summary>
    public double ScoredShare => (double)(_series.Length - _warmUp) / _series.Length;

    /// <summary>Finds the parameters.</summary>
    /// <returns>AICc.</returns>
    public double Fit(int evaluations)
    {
        SimplexSearch.Minimise(_free, 1, evaluations, SquaredError);
        var (count, k) = (_series.Length - _warmUp, _free.Length + 2);
        var squares = Math.Max(SquaredError(_free), 1e-12 * count);
        return count * Math.Log(squares / count) + 2.0 * k * count / Math.Max(count - k - 1, 1);
    }

    /// <summary>The steps after the series.</summary>
    public void Forecast(Span<double> values)
    {
        var damping = _form.HasTrend ? 0.8 + 0.19 * Gate(_free[_form.Seasons.Length + 2]) : 0;
        var lag = _form.HasErrorLag ? Math.Tanh(_free[^1]) : 0;
        var (level, trend, error) = (_level, _trend, _error);
        for (var h = 0; h < values.Length; h++)
        {
            trend *= damping;
            level += trend;
            error *= lag;
            values[h] = level + error;
            for (var s = 0; s < _terms.Length; s++) values[h] += _terms[s][(_series.Length + h) % _terms[s].Length];
        }
    }

    private static double Gate(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>Means of each place over the first two cycles, the long season on what the short ones leave.</summary>
    private void FillStart(ReadOnlySpan<double> start)
    {
        var rest = start.ToArray();
        foreach (ref var value in rest.AsSpan()) value -= _startLevel;
        foreach (var terms in _startTerms)
        {
            var counts = new int[terms.Length];
            for (var t = 0; t < rest.Length; t++) counts[t % terms.Length]++;
            for (var t = 0; t < rest.Length; t++) terms[t % terms.Length] += rest[t] / counts[t % terms.Length];
            for (var t = 0; t < rest.Length; t++) rest[t] -= terms[t % terms.Length];
        }
    }

    /// <summary>Sum of squared one-step errors after the first season; leaves the states at the end of the series.</summary>
    private double SquaredError(double[] free)
    {
        var seasons = _terms.Length;
        var alpha = Gate(free[0]);
        Span<double> gains = stackalloc double[seasons];
        Span<int> places = stackalloc int[seasons];
        for (var s = 0; s < seasons; s++)
        {
            gains[s] = Gate(free[1 + s]);
            places[s] = 0;
            _startTerms[s].CopyTo(_terms[s], 0);
        }

        var (beta, damping) = _form.HasTrend ? (alpha * Gate(free[1 + seasons]), 0.8 + 0.19 * Gate(free[2 + seasons])) : (0, 0);
        var lag = _form.HasErrorLag ? Math.Tanh(free[^1]) : 0;
        var (level, trend, carried, sum) = (_startLevel, 0.0, 0.0, 0.0);
        for (var t = 0; t < _series.Length; t++)
        {
            trend *= damping;
            level += trend;
            var plain = level;
            for (var s = 0; s < seasons; s++) plain += _terms[s][places[s]];
            var miss = _series[t] - plain;
            var error = miss - lag * carried;
            if (t >= _warmUp) sum += error * error;
            carried = miss;
            level += alpha * error;
            trend += beta * error;
            for (var s = 0; s < seasons; s++)
            {
                _terms[s][places[s]] += gains[s] * error;
                if (++places[s] == _terms[s].Length) places[s] = 0;
            }
        }

        (_level, _trend, _error) = (level, trend, carried);
        return sum;
    }
}
