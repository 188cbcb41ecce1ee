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
    public double Above(double level) => Above(level, 0, out _);

    /// <summary>P(demand > level) for a level that is not below that of an earlier call which left off at <paramref name="from"/>.</summary>
    public double Above(double level, int from, out int index)
    {
        index = from;
        while (index < _levels.Length && _demands[index] <= level) index++;
        if (index == 0) return 1 - _levels[0] * (level / _demands[0]);
        var (left, right) = index < _levels.Length ? (index - 1, index) : (index - 2, index - 1);
        if (left < 0) return level > _demands[0] ? 0 : 1 - _levels[0];
        double width = _demands[right] - _demands[left];
        var atLeft = 1 - (double)_levels[left];
        if (width <= 0) return level > _demands[right] ? 0 : 1 - _levels[right];
        var fall = Math.Log((1 - (double)_levels[right]) / atLeft) / width;
        return atLeft * Math.Exp(fall * (level - _demands[left]));
    }
}
