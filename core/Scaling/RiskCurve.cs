using System.Numerics.Tensors;
using ControlPlane.Core.Forecasting;

namespace ControlPlane.Core.Scaling;

/// <summary>
/// How likely it is that the demand exceeds a level at the worst of several steps: the greatest value of each quantile over the steps. Between quantiles
/// the probability falls exponentially, and beyond the last one it goes on as in the last interval.
/// </summary>
public readonly ref struct RiskCurve
{
    private readonly ReadOnlySpan<float> _levels;
    private readonly ReadOnlySpan<float> _demands;

    private RiskCurve(ReadOnlySpan<float> levels, ReadOnlySpan<float> demands)
    {
        _levels = levels;
        _demands = demands;
    }

    /// <summary>A middle of the demand: that of the first level from one half on.</summary>
    public double Middle
    {
        get
        {
            var i = 0;
            while (i < _levels.Length - 1 && _levels[i] < 0.5f) i++;
            return _demands[i];
        }
    }

    /// <summary>The curve of the rows <paramref name="firstStep"/> to <paramref name="lastStep"/> of a forecast.</summary>
    /// <param name="forecast">A forecast that is <see cref="ForecastStatus.Ready"/>.</param>
    /// <param name="firstStep">First row that counts, 1 = one step after the forecast was issued.</param>
    /// <param name="lastStep">Last row that counts; cut at the horizon.</param>
    /// <param name="room">As many entries as the forecast has levels; overwritten.</param>
    public static RiskCurve Of(Forecast forecast, int firstStep, int lastStep, Span<float> room) =>
        Of(forecast.Quantiles.AsSpan(), forecast.Values.AsSpan(), firstStep, Math.Min(lastStep, forecast.Horizon), room);

    /// <summary>The curve of some rows of values, row-major <c>[step, level]</c>.</summary>
    public static RiskCurve Of(ReadOnlySpan<float> levels, ReadOnlySpan<float> values, int firstStep, int lastStep, Span<float> room)
    {
        var worst = room[..levels.Length];
        values.Slice((firstStep - 1) * levels.Length, levels.Length).CopyTo(worst);
        for (var step = firstStep + 1; step <= lastStep; step++)
            TensorPrimitives.Max(worst, values.Slice((step - 1) * levels.Length, levels.Length), worst);
        return new RiskCurve(levels, worst);
    }

    /// <summary>P(demand > level), within 0..1 and never rising with the level.</summary>
    public double Above(double level)
    {
        var index = 0;
        while (index < _levels.Length && _demands[index] <= level) index++;
        return Above(level, index, out _);
    }

    /// <summary>Goes up the curve in equal steps, which is cheaper than asking for each level.</summary>
    /// <param name="first">Number of the first step.</param>
    /// <param name="step">Size of a step: the levels are its multiples.</param>
    public Walk From(int first, double step) => new(this, first, step);

    /// <summary>The probability above a level that lies before a quantile, and by how much it falls per unit of demand there.</summary>
    private double Above(double level, int index, out double fall)
    {
        fall = 0;
        if (index == 0) return 1 - _levels[0] * (level / _demands[0]);
        if (_levels.Length == 1) return level > _demands[0] ? 0 : 1 - _levels[0];
        var right = Math.Min(index, _levels.Length - 1);
        var atLeft = 1 - (double)_levels[right - 1];
        double width = _demands[right] - _demands[right - 1];
        if (width <= 0) return level > _demands[right] ? 0 : 1 - _levels[right];
        fall = Math.Log((1 - (double)_levels[right]) / atLeft) / width;
        return atLeft * Math.Exp(fall * (level - _demands[right - 1]));
    }

    /// <summary>A walk up the curve.</summary>
    public ref struct Walk
    {
        private readonly RiskCurve _curve;
        private readonly double _step;
        private int _next;
        private int _index;
        private double _risk;
        private double _factor;

        internal Walk(RiskCurve curve, int first, double step)
        {
            _curve = curve;
            _step = step;
            _next = first;
        }

        /// <summary>P(demand > n · step) for the next n.</summary>
        public double Next()
        {
            var level = _next++ * _step;
            var index = _index;
            while (index < _curve._levels.Length && _curve._demands[index] <= level) index++;
            if (index == _index && _factor > 0) return _risk *= _factor;
            _index = index;
            _risk = _curve.Above(level, index, out var fall);
            _factor = fall < 0 ? Math.Exp(fall * _step) : 0;
            return _risk;
        }
    }
}
