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
    private readonly ReadOnlySpan<float> _excesses;

    private RiskCurve(ReadOnlySpan<float> levels, ReadOnlySpan<float> demands, ReadOnlySpan<float> excesses)
    {
        _levels = levels;
        _demands = demands;
        _excesses = excesses;
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

    /// <summary>Entries that a curve needs.</summary>
    /// <param name="levels">Number of quantile levels.</param>
    public static int Room(int levels) => 2 * levels;

    /// <summary>The curve of the rows <paramref name="firstStep"/> to <paramref name="lastStep"/> of a forecast.</summary>
    /// <param name="forecast">A forecast that is <see cref="ForecastStatus.Ready"/>.</param>
    /// <param name="firstStep">First row that counts, 1 = one step after the forecast was issued.</param>
    /// <param name="lastStep">Last row that counts; cut at the horizon.</param>
    /// <param name="room">At least <see cref="Room"/> entries; overwritten.</param>
    public static RiskCurve Of(Forecast forecast, int firstStep, int lastStep, Span<float> room) =>
        Of(forecast.Quantiles.AsSpan(), forecast.Values.AsSpan(), firstStep, Math.Min(lastStep, forecast.Horizon), room);

    /// <summary>The curve of some rows of values, row-major <c>[step, level]</c>.</summary>
    public static RiskCurve Of(ReadOnlySpan<float> levels, ReadOnlySpan<float> values, int firstStep, int lastStep, Span<float> room)
    {
        var worst = room[..levels.Length];
        values.Slice((firstStep - 1) * levels.Length, levels.Length).CopyTo(worst);
        for (var step = firstStep + 1; step <= lastStep; step++)
            TensorPrimitives.Max(worst, values.Slice((step - 1) * levels.Length, levels.Length), worst);
        FillExcesses(levels, worst, room.Slice(levels.Length, levels.Length));
        return In(levels, room);
    }

    /// <summary>A curve that was made before.</summary>
    /// <param name="levels">Its levels.</param>
    /// <param name="room">The room that it was made in.</param>
    public static RiskCurve In(ReadOnlySpan<float> levels, ReadOnlySpan<float> room) => new(levels, room[..levels.Length], room.Slice(levels.Length, levels.Length));

    /// <summary>P(demand > level), within 0..1 and never rising with the level.</summary>
    public double Above(double level) => Above(level, FirstAbove(level), out _);

    /// <summary>By how much the demand is expected to exceed a level: E[max(0, demand − level)].</summary>
    public double Excess(double level)
    {
        var index = FirstAbove(level);
        var risk = Above(level, index, out var fall);
        return Excess(level, index, risk, fall);
    }

    /// <summary>Goes up the curve in equal steps, which is cheaper than asking for each level.</summary>
    /// <param name="first">Number of the first step.</param>
    /// <param name="step">Size of a step: the levels are its multiples.</param>
    public Walk From(int first, double step) => new(this, first, step);

    /// <summary>The first quantile above a level, searched from one that is not beyond it on; past the last if there is none.</summary>
    private int FirstAbove(double level, int index = 0)
    {
        while (index < _levels.Length && _demands[index] <= level) index++;
        return index;
    }

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

    /// <summary>The area under the curve from each quantile on.</summary>
    private static void FillExcesses(ReadOnlySpan<float> levels, ReadOnlySpan<float> demands, Span<float> excesses)
    {
        excesses[^1] = 0;
        for (var i = levels.Length - 1; i > 0; i--)
        {
            var (left, right) = (1 - (double)levels[i - 1], 1 - (double)levels[i]);
            var perRisk = (demands[i] - demands[i - 1]) / Math.Log(left / right);
            if (i == levels.Length - 1) excesses[i] = (float)(right * perRisk);
            excesses[i - 1] = (float)(excesses[i] + (left - right) * perRisk);
        }
    }

    private double Excess(double level, int index, double risk, double fall)
    {
        if (index == 0) return _excesses[0] + (_demands[0] - level) * (1 + risk - _levels[0]) / 2;
        if (fall >= 0) return 0;
        return index < _levels.Length ? _excesses[index] + (1 - (double)_levels[index] - risk) / fall : -risk / fall;
    }

    /// <summary>A walk up the curve.</summary>
    public ref struct Walk
    {
        private readonly RiskCurve _curve;
        private readonly double _step;
        private int _next;
        private int _index;
        private double _risk;
        private double _fall;
        private double _factor;

        internal Walk(RiskCurve curve, int first, double step)
        {
            _curve = curve;
            _step = step;
            _next = first;
        }

        /// <summary>By how much the demand is expected to exceed the level of the newest answer.</summary>
        public readonly double Excess => _curve.Excess((_next - 1) * _step, _index, _risk, _fall);

        /// <summary>P(demand > n · step) for the next n.</summary>
        public double Next()
        {
            var level = _next++ * _step;
            var index = _curve.FirstAbove(level, _index);
            if (index == _index && _factor > 0) return _risk *= _factor;
            _index = index;
            _risk = _curve.Above(level, index, out _fall);
            _factor = _fall < 0 ? Math.Exp(_fall * _step) : 0;
            return _risk;
        }
    }
}
