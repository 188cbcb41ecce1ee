namespace ControlPlane.Core.Forecasting.Offline;

/// <summary>
/// A series as the classical models see it: the logarithm where every value is positive (seasons and trend then multiply), centred and of unit
/// deviation, so that huge and tiny series are alike.
/// </summary>
internal sealed class WorkingScale
{
    private readonly bool _isLogarithm;
    private readonly double _unit;
    private readonly double _mean;
    private readonly double _deviation;

    /// <param name="series">Finite values.</param>
    /// <param name="preferLogarithm">Whether to take logarithms of a positive series.</param>
    public WorkingScale(ReadOnlySpan<double> series, bool preferLogarithm = true)
    {
        var largest = 0.0;
        foreach (var value in series) largest = Math.Max(largest, Math.Abs(value));
        _unit = largest > 0 ? largest : 1;
        _isLogarithm = preferLogarithm;
        foreach (var value in series) _isLogarithm &= value / _unit > 1e-6;
        Values = new double[series.Length];
        for (var i = 0; i < Values.Length; i++)
        {
            Values[i] = _isLogarithm ? Math.Log(series[i] / _unit) : series[i] / _unit;
            _mean += Values[i] / Values.Length;
        }

        var squares = 0.0;
        foreach (var value in Values) squares += (value - _mean) * (value - _mean);
        _deviation = Math.Sqrt(squares / Values.Length) is > 1e-12 and var deviation ? deviation : 1;
        for (var i = 0; i < Values.Length; i++) Values[i] = (Values[i] - _mean) / _deviation;
        if (!_isLogarithm) LogJacobian = Values.Length * Math.Log(_deviation);
        else foreach (var value in Values) LogJacobian += Math.Log(_deviation) + value * _deviation + _mean;
    }

    /// <summary>The series on this scale.</summary>
    public double[] Values { get; }

    /// <summary>Whether it is the logarithm.</summary>
    public bool IsLogarithm => _isLogarithm;

    /// <summary>Sum of the logarithms of the derivative of the way back: what makes likelihoods of two scales comparable.</summary>
    public double LogJacobian { get; }

    /// <summary>From this scale back to that of the series, in place.</summary>
    public void Restore(Span<double> values)
    {
        foreach (ref var value in values)
        {
            value = value * _deviation + _mean;
            value = (_isLogarithm ? Math.Exp(Math.Min(value, 100)) : value) * _unit;
        }
    }
}
