using System.Numerics.Tensors;

namespace ControlPlane.Core.Forecasting.Offline;

/// <summary>Room for a batch of windows, scaled by their recent mean and deviation, and for what a network says about them.</summary>
internal sealed class PanelBatch(PanelOptions options, int capacity)
{
    private const float ScaleFloor = 0.02f;

    public int Capacity => capacity;

    /// <summary>Scaled history, <c>[rows, lookback]</c>, oldest first.</summary>
    public float[] Lags { get; } = new float[capacity * options.Lookback];

    /// <summary>What the network corrects: the guide, or a mean of seasonal values, <c>[rows, horizon]</c>.</summary>
    public float[] Base { get; } = new float[capacity * options.Horizon];

    /// <summary>Scaled truth, <c>[rows, horizon]</c>.</summary>
    public float[] Target { get; } = new float[capacity * options.Horizon];

    public float[] Centre { get; } = new float[capacity];

    public float[] Scale { get; } = new float[capacity];

    /// <summary>Weight of a row's loss, per unit of the scaled error.</summary>
    public float[] Weight { get; } = new float[capacity];

    /// <summary>Scaled quantiles, <c>[rows, horizon, level]</c>.</summary>
    public float[] Output { get; } = new float[capacity * options.Horizon * options.Levels.Length];

    /// <summary>Derivative of the loss by <see cref="Output"/>.</summary>
    public float[] Gradient { get; } = new float[capacity * options.Horizon * options.Levels.Length];

    /// <summary>Shared correction of all levels, <c>[rows, horizon]</c>; on the way back its gradient.</summary>
    public float[] Line { get; } = new float[capacity * options.Horizon];

    /// <summary>Fills a row.</summary>
    public void Fill(int row, ReadOnlySpan<float> series, int origin, ReadOnlySpan<float> guide, float weight)
    {
        var recent = series.Slice(origin - options.ScaleSteps, options.ScaleSteps);
        var centre = TensorPrimitives.Sum(recent) / recent.Length;
        var squares = 0f;
        foreach (var value in recent) squares += (value - centre) * (value - centre);
        var scale = MathF.Sqrt(squares / recent.Length) + ScaleFloor;
        (Centre[row], Scale[row], Weight[row]) = (centre, scale, weight * scale);
        var lags = Lags.AsSpan(row * options.Lookback, options.Lookback);
        Normalise(series.Slice(origin - options.Lookback, options.Lookback), centre, scale, lags);
        var start = Base.AsSpan(row * options.Horizon, options.Horizon);
        if (guide.IsEmpty) SeasonalMean(lags, start);
        else Normalise(guide, centre, scale, start);
        if (origin + options.Horizon <= series.Length)
            Normalise(series.Slice(origin, options.Horizon), centre, scale, Target.AsSpan(row * options.Horizon, options.Horizon));
    }

    /// <summary>Half last week, a quarter the last horizon, a quarter the last day again.</summary>
    private void SeasonalMean(ReadOnlySpan<float> lags, Span<float> mean)
    {
        for (var h = 0; h < mean.Length; h++)
        {
            var week = lags[^(options.LongSeason - h % options.LongSeason)];
            var day = lags[^(options.Season - h % options.Season)];
            mean[h] = 0.5f * week + 0.25f * (day + lags[^(options.Horizon - h)]);
        }
    }

    private static void Normalise(ReadOnlySpan<float> values, float centre, float scale, Span<float> result)
    {
        TensorPrimitives.Subtract(values, centre, result);
        TensorPrimitives.Multiply(result, 1 / scale, result);
    }

    /// <summary>Weighted pinball loss of the rows, summed, and its derivative for their mean.</summary>
    public double Loss(int rows)
    {
        var (levels, total) = (options.Levels, 0.0);
        for (var i = 0; i < rows * options.Horizon; i++)
        {
            var weight = Weight[i / options.Horizon] / options.Horizon;
            for (var q = 0; q < levels.Length; q++)
            {
                var error = Target[i] - Output[i * levels.Length + q];
                var slope = error > 0 ? levels[q] : levels[q] - 1;
                var share = weight * options.LevelWeights[q];
                total += share * slope * error;
                Gradient[i * levels.Length + q] = -share * slope / rows;
            }
        }

        return total;
    }
}
