using System.Buffers;

namespace ControlPlane.Core.Forecasting.Neural;

/// <summary>A fully connected layer: <c>y = x·W + b</c>, weights row-major <c>[inputs, outputs]</c>.</summary>
internal sealed class DenseLayer
{
    private readonly ParameterSet _parameters;
    private readonly Range _weights;
    private readonly Range _bias;

    /// <summary>Draws the weights uniformly within 1/√inputs.</summary>
    public DenseLayer(ParameterSet parameters, int inputs, int outputs, SeededNoise random, float scale = 1)
    {
        (_parameters, Inputs, Outputs) = (parameters, inputs, outputs);
        var bound = scale / MathF.Sqrt(inputs);
        _weights = parameters.Add(inputs * outputs, random, bound);
        _bias = parameters.Add(outputs, random, bound);
    }

    public int Inputs { get; }

    public int Outputs { get; }

    public Span<float> Weights => _parameters.Values[_weights];

    public Span<float> Bias => _parameters.Values[_bias];

    /// <param name="x"><c>[rows, inputs]</c>.</param>
    /// <param name="y"><c>[rows, outputs]</c>, filled.</param>
    /// <param name="rows">Number of examples.</param>
    public void Forward(ReadOnlySpan<float> x, Span<float> y, int rows)
    {
        MatrixKernel.SpreadRow(Bias, y, rows);
        MatrixKernel.Multiply(x, Weights, y, rows, Inputs, Outputs, accumulate: true);
    }

    /// <summary>Adds to the gradients of the weights and gives that of the input.</summary>
    /// <param name="x">What <see cref="Forward"/> was given.</param>
    /// <param name="dy">Gradient by its answer.</param>
    /// <param name="dx">Gradient by its input, filled (or added to); empty when nobody wants it.</param>
    /// <param name="rows">Number of examples.</param>
    /// <param name="accumulate">Whether to add to <paramref name="dx"/>.</param>
    public void Backward(ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dx, int rows, bool accumulate = false)
    {
        MatrixKernel.MultiplyTransposed(x, dy, _parameters.Gradients[_weights], Inputs, rows, Outputs, accumulate: true);
        MatrixKernel.SumRows(dy[..(rows * Outputs)], _parameters.Gradients[_bias], rows);
        if (dx.IsEmpty) return;
        var transposed = ArrayPool<float>.Shared.Rent(Inputs * Outputs);
        MatrixKernel.Transpose(Weights, transposed, Inputs, Outputs);
        MatrixKernel.Multiply(dy, transposed, dx, rows, Outputs, Inputs, accumulate);
        ArrayPool<float>.Shared.Return(transposed);
    }
}
