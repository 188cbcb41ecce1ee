using System.Numerics.Tensors;
using ControlPlane.Core.Forecasting.Neural;

namespace ControlPlane.Core.Forecasting.Offline;

/// <summary>A multi-layer perceptron for a panel: two hidden layers with rectifiers and dropout over the lags, the scale and the guide.</summary>
internal sealed class PanelMlp : PanelNetwork
{
    private readonly DenseLayer _first;
    private readonly DenseLayer _second;
    private readonly DenseLayer _head;
    private float[] _input = [];
    private float[] _hidden1 = [];
    private float[] _hidden2 = [];
    private float[] _mask1 = [];
    private float[] _mask2 = [];
    private float[] _delta1 = [];
    private float[] _delta2 = [];

    public PanelMlp(PanelOptions options)
        : base(options)
    {
        var inputs = options.Lookback + 1 + (options.IsGuided ? options.Horizon : 0);
        _first = new DenseLayer(Parameters, inputs, options.Hidden, Noise);
        _second = new DenseLayer(Parameters, options.Hidden, options.Hidden, Noise);
        _head = new DenseLayer(Parameters, options.Hidden, options.Horizon * options.Levels.Length, Noise, 0.1f);
    }

    protected override void Forward(PanelBatch batch, int rows, bool isTraining)
    {
        Reserve(batch.Capacity);
        for (var row = 0; row < rows; row++) FillInput(batch, row);
        _first.Forward(_input, _hidden1, rows);
        Activate(_hidden1, _mask1, rows, isTraining);
        _second.Forward(_hidden1, _hidden2, rows);
        Activate(_hidden2, _mask2, rows, isTraining);
        _head.Forward(_hidden2, batch.Output, rows);
    }

    protected override void Backward(PanelBatch batch, int rows)
    {
        var count = rows * Options.Hidden;
        _head.Backward(_hidden2, batch.Gradient, _delta2, rows);
        TensorPrimitives.Multiply(_delta2.AsSpan(0, count), _mask2.AsSpan(0, count), _delta2);
        _second.Backward(_hidden1, _delta2, _delta1, rows);
        TensorPrimitives.Multiply(_delta1.AsSpan(0, count), _mask1.AsSpan(0, count), _delta1);
        _first.Backward(_input, _delta1, [], rows);
    }

    private void FillInput(PanelBatch batch, int row)
    {
        var (lookback, horizon) = (Options.Lookback, Options.Horizon);
        var input = _input.AsSpan(row * _first.Inputs, _first.Inputs);
        batch.Lags.AsSpan(row * lookback, lookback).CopyTo(input);
        input[lookback] = MathF.Log(batch.Scale[row]);
        if (Options.IsGuided) batch.Base.AsSpan(row * horizon, horizon).CopyTo(input[(lookback + 1)..]);
    }

    /// <summary>Rectifier and, while training, dropout; the mask is the derivative.</summary>
    private void Activate(float[] hidden, float[] mask, int rows, bool isTraining)
    {
        var keep = 1 / (1 - Options.Dropout);
        var threshold = (ulong)(Options.Dropout * 256);
        var bits = 0UL;
        for (var i = 0; i < rows * Options.Hidden; i++)
        {
            if (isTraining && i % 8 == 0) bits = Noise.NextBits();
            var factor = hidden[i] <= 0 ? 0 : !isTraining ? 1 : (bits & 255) < threshold ? 0 : keep;
            bits >>= 8;
            mask[i] = factor;
            hidden[i] *= factor;
        }
    }

    private void Reserve(int rows)
    {
        var count = rows * Options.Hidden;
        if (_hidden1.Length >= count) return;
        _input = new float[rows * _first.Inputs];
        (_hidden1, _hidden2, _mask1, _mask2) = (new float[count], new float[count], new float[count], new float[count]);
        (_delta1, _delta2) = (new float[count], new float[count]);
    }
}
