using System.Numerics.Tensors;
using ControlPlane.Core.Forecasting.Neural;

namespace ControlPlane.Core.Learning;

/// <summary>Action values by a network of two hidden layers.</summary>
internal sealed class QNetwork
{
    /// <summary>Width of the hidden layers.</summary>
    public const int Hidden = 32;

    private readonly DenseLayer[] _layers;
    private float[][] _outputs = [];
    private float[][] _slopes = [];

    /// <summary>Draws the weights.</summary>
    public QNetwork(int features, int actions, ulong seed)
    {
        var random = new SeededNoise(seed);
        _layers = [new(Parameters, features, Hidden, random), new(Parameters, Hidden, Hidden, random), new(Parameters, Hidden, actions, random, scale: 0.1f)];
    }

    /// <summary>The weights.</summary>
    public ParameterSet Parameters { get; } = new();

    /// <summary>Number of moves.</summary>
    public int Actions => _layers[^1].Outputs;

    /// <summary>Values of every move, row-major <c>[rows, moves]</c>; valid until the next call.</summary>
    /// <param name="states">Row-major <c>[rows, features]</c>.</param>
    /// <param name="rows">Number of states.</param>
    public Span<float> Forward(ReadOnlySpan<float> states, int rows)
    {
        Reserve(rows);
        var input = states;
        for (var i = 0; i < _layers.Length; i++)
        {
            var output = _outputs[i].AsSpan(0, rows * _layers[i].Outputs);
            _layers[i].Forward(input, output, rows);
            if (i < _layers.Length - 1) TensorPrimitives.Max(output, 0f, output);
            input = output;
        }

        return _outputs[^1].AsSpan(0, rows * Actions);
    }

    /// <summary>Adds to the gradients; after <see cref="Forward"/> of the same states.</summary>
    /// <param name="states">Row-major <c>[rows, features]</c>.</param>
    /// <param name="slopes">Derivative of the loss by each value, row-major <c>[rows, moves]</c>.</param>
    /// <param name="rows">Number of states.</param>
    public void Backward(ReadOnlySpan<float> states, ReadOnlySpan<float> slopes, int rows)
    {
        var above = slopes;
        for (var i = _layers.Length - 1; i >= 0; i--)
        {
            var input = i == 0 ? states : _outputs[i - 1].AsSpan(0, rows * _layers[i].Inputs);
            var below = i == 0 ? [] : _slopes[i - 1].AsSpan(0, rows * _layers[i].Inputs);
            _layers[i].Backward(input, above, below, rows);
            // Where the rectifier was closed nothing comes through.
            for (var k = 0; k < below.Length; k++)
                if (input[k] <= 0) below[k] = 0;
            above = below;
        }
    }

    private void Reserve(int rows)
    {
        if (_outputs.Length > 0 && _outputs[0].Length >= rows * _layers[0].Outputs) return;
        _outputs = [.. _layers.Select(layer => new float[rows * layer.Outputs])];
        _slopes = [.. _layers.Select(layer => new float[rows * layer.Outputs])];
    }
}
