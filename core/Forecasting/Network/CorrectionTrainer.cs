using ControlPlane.Core.Forecasting.Ensemble;
using ControlPlane.Core.Forecasting.Neural;

namespace ControlPlane.Core.Forecasting.Network;

/// <summary>Fits a <see cref="CorrectionNetwork"/> to rows by AdamW on the weighted pinball loss of all levels, with dropout (Srivastava et al. 2014).</summary>
internal sealed class CorrectionTrainer
{
    private readonly CorrectionNetwork _network;
    private readonly AdamW _optimiser;
    private readonly NetworkTrainingOptions _options;
    private readonly SeededNoise _random;
    private readonly float[] _inputs;
    private readonly float[] _first;
    private readonly float[] _second;
    private readonly float[] _outputs;
    private readonly float[] _dOutputs;
    private readonly float[] _dSecond;
    private readonly float[] _dFirst;

    public CorrectionTrainer(CorrectionNetwork network, NetworkTrainingOptions options, ulong seed)
    {
        (_network, _options, _random) = (network, options, new SeededNoise(seed));
        _optimiser = new AdamW(network.Parameters, options.Decay);
        _inputs = new float[options.Batch * CorrectionNetwork.Inputs];
        _first = new float[options.Batch * CorrectionNetwork.First];
        _second = new float[options.Batch * CorrectionNetwork.Second];
        _outputs = new float[options.Batch * CorrectionNetwork.Outputs];
        (_dOutputs, _dSecond, _dFirst) = (new float[_outputs.Length], new float[_second.Length], new float[_first.Length]);
    }

    /// <summary>One step of the optimiser.</summary>
    /// <returns>The batch's mean loss before it.</returns>
    public double Step(CorrectionRows rows, ReadOnlySpan<int> batch, float rate)
    {
        var loss = Learn(rows, batch, _options.Dropout);
        if (float.IsFinite(_network.Parameters.ClipGradients(_options.LongestGradient)) && double.IsFinite(loss)) _optimiser.Step(rate);
        return loss;
    }

    /// <summary>The mean loss over all rows, without dropout.</summary>
    public double Score(CorrectionRows rows)
    {
        var (sum, order) = (0.0, new int[_options.Batch]);
        for (var begin = 0; begin < rows.Count; begin += _options.Batch)
        {
            var batch = order.AsSpan(0, Math.Min(_options.Batch, rows.Count - begin));
            for (var i = 0; i < batch.Length; i++) batch[i] = begin + i;
            sum += Forward(rows, batch, 0) * batch.Length;
        }

        return sum / Math.Max(1, rows.Count);
    }

    /// <summary>Sets the gradients.</summary>
    internal double Learn(CorrectionRows rows, ReadOnlySpan<int> batch, float dropout)
    {
        var count = batch.Length;
        var loss = Forward(rows, batch, dropout);
        _network.Parameters.ClearGradients();
        _network.Out.Backward(_second, _dOutputs, _dSecond, count);
        Gate(_second, _dSecond, dropout);
        _network.Middle.Backward(_first, _dSecond, _dFirst, count);
        Gate(_first, _dFirst, dropout);
        _network.In.Backward(_inputs, _dFirst, [], count);
        return loss;
    }

    private double Forward(CorrectionRows rows, ReadOnlySpan<int> batch, float dropout)
    {
        var count = batch.Length;
        for (var i = 0; i < count; i++) rows.Inputs(batch[i]).CopyTo(_inputs.AsSpan(i * CorrectionNetwork.Inputs));
        _network.In.Forward(_inputs, _first, count);
        Rectify(_first.AsSpan(0, count * CorrectionNetwork.First), dropout);
        _network.Middle.Forward(_first, _second, count);
        Rectify(_second.AsSpan(0, count * CorrectionNetwork.Second), dropout);
        _network.Out.Forward(_second, _outputs, count);
        var loss = 0.0;
        for (var i = 0; i < count; i++)
        {
            var output = i * CorrectionNetwork.Outputs;
            loss += Slope(rows.Misses(batch[i]), rows.Weight(batch[i]) / count, _outputs.AsSpan(output), _dOutputs.AsSpan(output, CorrectionNetwork.Outputs));
        }

        return loss;
    }

    /// <summary>The pinball loss of a row, summed over the levels, and its derivatives.</summary>
    private static double Slope(ReadOnlySpan<float> misses, float weight, ReadOnlySpan<float> output, Span<float> slopes)
    {
        var loss = 0.0;
        slopes.Clear();
        for (var level = 0; level < misses.Length; level++)
        {
            var miss = misses[level] - output[level];
            var slope = weight * (float)(miss > 0 ? QuantileGrid.Levels[level] : QuantileGrid.Levels[level] - 1);
            loss += slope * miss;
            slopes[level] = -slope;
        }

        return loss;
    }

    /// <summary>max(0, x), and of the units that are on some are off by chance; the others make up for them.</summary>
    private void Rectify(Span<float> x, float dropout)
    {
        CorrectionNetwork.Rectify(x);
        if (dropout <= 0) return;
        var gain = 1 / (1 - dropout);
        foreach (ref var value in x)
        {
            if (value > 0) value = _random.NextDouble() < dropout ? 0 : value * gain;
        }
    }

    private static void Gate(ReadOnlySpan<float> values, Span<float> gradients, float dropout)
    {
        var gain = 1 / (1 - dropout);
        for (var i = 0; i < gradients.Length; i++) gradients[i] = values[i] > 0 ? gradients[i] * gain : 0;
    }
}
