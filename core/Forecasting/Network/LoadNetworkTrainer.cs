using ControlPlane.Core.Forecasting.Neural;

namespace ControlPlane.Core.Forecasting.Network;

/// <summary>
/// Fits a <see cref="LoadNetwork"/> to rows by AdamW on the weighted absolute error of the load, smoothed around 0. The network answers on the model scale,
/// where too high and too low look alike; the load's own error, |e^d − 1| for a difference d of the logarithms, is what costs.
/// </summary>
internal sealed class LoadNetworkTrainer
{
    /// <summary>Errors below this share of the typical change count by their square, so that the slope has no jump.</summary>
    private const float SmoothShare = 0.1f;

    /// <summary>Beyond this difference of the logarithms the error grows in proportion: e^d has no bound.</summary>
    private const float LargestDifference = 2;

    private readonly LoadNetwork _network;
    private readonly AdamW _optimiser;
    private readonly NetworkTrainingOptions _options;
    private readonly float[] _inputs;
    private readonly float[] _first;
    private readonly float[] _second;
    private readonly float[] _outputs;
    private readonly float[] _dOutputs;
    private readonly float[] _dSecond;
    private readonly float[] _dFirst;

    public LoadNetworkTrainer(LoadNetwork network, NetworkTrainingOptions options)
    {
        (_network, _options) = (network, options);
        _optimiser = new AdamW(network.Parameters, options.Decay);
        _inputs = new float[options.Batch * LoadNetwork.Inputs];
        _first = new float[options.Batch * LoadNetwork.First];
        _second = new float[options.Batch * LoadNetwork.Second];
        _outputs = new float[options.Batch * LoadNetwork.Outputs];
        (_dOutputs, _dSecond, _dFirst) = (new float[_outputs.Length], new float[_second.Length], new float[_first.Length]);
    }

    /// <summary>One step of the optimiser.</summary>
    /// <returns>The batch's mean loss before it.</returns>
    public double Step(TrainingRows rows, ReadOnlySpan<int> batch, float rate)
    {
        var loss = Learn(rows, batch);
        if (float.IsFinite(_network.Parameters.ClipGradients(_options.LongestGradient)) && double.IsFinite(loss)) _optimiser.Step(rate);
        return loss;
    }

    /// <summary>The mean loss over all rows, 1 for the last value.</summary>
    public double Score(TrainingRows rows)
    {
        var (sum, order) = (0.0, new int[_options.Batch]);
        for (var begin = 0; begin < rows.Count; begin += _options.Batch)
        {
            var batch = order.AsSpan(0, Math.Min(_options.Batch, rows.Count - begin));
            for (var i = 0; i < batch.Length; i++) batch[i] = begin + i;
            sum += Forward(rows, batch) * batch.Length;
        }

        return sum / Math.Max(1, rows.Count);
    }

    /// <summary>Sets the gradients.</summary>
    internal double Learn(TrainingRows rows, ReadOnlySpan<int> batch)
    {
        var count = batch.Length;
        var loss = Forward(rows, batch);
        _network.Parameters.ClearGradients();
        _network.Out.Backward(_second, _dOutputs, _dSecond, count);
        Gate(_second, _dSecond);
        _network.Middle.Backward(_first, _dSecond, _dFirst, count);
        Gate(_first, _dFirst);
        _network.In.Backward(_inputs, _dFirst, [], count);
        return loss;
    }

    private double Forward(TrainingRows rows, ReadOnlySpan<int> batch)
    {
        var count = batch.Length;
        for (var i = 0; i < count; i++) rows.Inputs(batch[i]).CopyTo(_inputs.AsSpan(i * LoadNetwork.Inputs));
        _network.In.Forward(_inputs, _first, count);
        LoadNetwork.Rectify(_first.AsSpan(0, count * LoadNetwork.First));
        _network.Middle.Forward(_first, _second, count);
        LoadNetwork.Rectify(_second.AsSpan(0, count * LoadNetwork.Second));
        _network.Out.Forward(_second, _outputs, count);
        var loss = 0.0;
        for (var i = 0; i < count; i++)
        {
            var output = i * LoadNetwork.Outputs;
            loss += Slope(rows, batch[i], _outputs.AsSpan(output, LoadNetwork.Outputs), _dOutputs.AsSpan(output, LoadNetwork.Outputs), 1f / count);
        }

        return loss / count;
    }

    private static double Slope(TrainingRows rows, int row, ReadOnlySpan<float> output, Span<float> slopes, float share)
    {
        var guides = rows.Guides(row);
        var scale = rows.Scale(row);
        var (error, growth) = LoadError(LoadNetwork.Combine(output, guides, scale) - rows.Change(row));
        var smooth = SmoothShare * scale;
        var size = Math.Abs(error);
        var slope = rows.Weight(row) * share * growth * Math.Clamp(error / smooth, -1, 1);
        for (var i = 0; i < LoadFeatures.GuideCount; i++) slopes[i] = slope * guides[i];
        slopes[LoadFeatures.GuideCount] = slope * scale;
        slopes[(LoadFeatures.GuideCount + 1)..].Clear();
        return rows.Weight(row) * (size < smooth ? 0.5 * size * size / smooth : size - 0.5 * smooth);
    }

    /// <summary>The load's error in shares of it, and its derivative.</summary>
    private static (float Error, float Growth) LoadError(float difference)
    {
        var growth = MathF.Exp(Math.Min(difference, LargestDifference));
        return (growth - 1 + (difference > LargestDifference ? growth * (difference - LargestDifference) : 0), growth);
    }

    private static void Gate(ReadOnlySpan<float> values, Span<float> gradients)
    {
        for (var i = 0; i < gradients.Length; i++) gradients[i] = values[i] > 0 ? gradients[i] : 0;
    }
}
