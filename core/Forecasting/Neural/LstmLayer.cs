using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace ControlPlane.Core.Forecasting.Neural;

/// <summary>
/// A long short-term memory layer (Hochreiter and Schmidhuber, 1997; with forget gate, Gers et al., 2000) and its gradient by
/// back-propagation through time. Gates in the order input, forget, cell, output; one matrix <c>[inputs + hidden, 4·hidden]</c> for both sources.
/// </summary>
internal sealed class LstmLayer
{
    private readonly ParameterSet _parameters;
    private readonly Range _weights;
    private readonly Range _bias;
    private float[] _transposed = [];

    /// <summary>Draws the weights uniformly within 1/√hidden; the forget gate starts open (bias 1).</summary>
    public LstmLayer(ParameterSet parameters, int inputs, int hidden, SeededNoise random)
    {
        (_parameters, Inputs, Hidden) = (parameters, inputs, hidden);
        _weights = parameters.Add((inputs + hidden) * 4 * hidden, random, 1 / MathF.Sqrt(hidden));
        _bias = parameters.Add(4 * hidden, random, 0);
        Bias.Slice(hidden, hidden).Fill(1);
    }

    public int Inputs { get; }

    public int Hidden { get; }

    /// <summary>Row-major <c>[inputs + hidden, 4·hidden]</c>.</summary>
    public Span<float> Weights => _parameters.Values[_weights];

    /// <summary>One entry a gate and unit.</summary>
    public Span<float> Bias => _parameters.Values[_bias];

    private int Width => Inputs + Hidden;

    /// <summary>One step of one example.</summary>
    /// <param name="x"><c>[inputs]</c>.</param>
    /// <param name="h">Output so far; replaced.</param>
    /// <param name="c">Cell so far; replaced.</param>
    /// <param name="scratch">Room for <c>inputs + 5·hidden</c>.</param>
    public void Step(ReadOnlySpan<float> x, Span<float> h, Span<float> c, Span<float> scratch)
    {
        var joined = scratch[..Width];
        x.CopyTo(joined);
        h.CopyTo(joined[Inputs..]);
        var gates = scratch.Slice(Width, 4 * Hidden);
        Bias.CopyTo(gates);
        MatrixKernel.Multiply(joined, Weights, gates, 1, Width, 4 * Hidden, accumulate: true);
        Activate(gates, 1);
        Advance(gates, c, c, h, joined[..Hidden]);
    }

    /// <summary>Runs the steps of a tape, whose inputs are filled, from its start (zero unless set).</summary>
    public void Forward(LstmTape tape, int rows, int steps)
    {
        for (var t = 0; t < steps; t++)
        {
            var joined = tape.Joined(t);
            for (var r = 0; r < rows; r++)
            {
                var previous = joined.Slice(r * Width + Inputs, Hidden);
                if (t == 0) tape.StartOutput.Slice(r * Hidden, Hidden).CopyTo(previous);
                else tape.Output(t - 1).Slice(r * Hidden, Hidden).CopyTo(previous);
            }

            var gates = tape.Gates(t);
            MatrixKernel.SpreadRow(Bias, gates, rows);
            MatrixKernel.Multiply(joined, Weights, gates, rows, Width, 4 * Hidden, accumulate: true);
            Activate(gates, rows);
            for (var r = 0; r < rows; r++)
            {
                var before = (t == 0 ? tape.StartCell : tape.Cell(t - 1)).Slice(r * Hidden, Hidden);
                var row = r * Hidden;
                Advance(gates.Slice(4 * row, 4 * Hidden), before, tape.Cell(t).Slice(row, Hidden), tape.Output(t).Slice(row, Hidden), tape.Squashed(t).Slice(row, Hidden));
            }
        }
    }

    /// <summary>Adds to the gradients of the weights.</summary>
    /// <param name="tape">What <see cref="Forward"/> left; its output gradients are filled by the caller and used up.</param>
    /// <param name="rows">Number of examples.</param>
    /// <param name="steps">Number of steps.</param>
    public void Backward(LstmTape tape, int rows, int steps)
    {
        if (_transposed.Length == 0) _transposed = new float[Width * 4 * Hidden];
        MatrixKernel.Transpose(Weights, _transposed, Width, 4 * Hidden);
        tape.CellGradient.AsSpan().Clear();
        for (var t = steps - 1; t >= 0; t--)
        {
            for (var r = 0; r < rows; r++)
            {
                var before = (t == 0 ? tape.StartCell : tape.Cell(t - 1)).Slice(r * Hidden, Hidden);
                Retreat(tape, t, r, before);
            }

            var deltas = tape.GateGradient.AsSpan(0, rows * 4 * Hidden);
            MatrixKernel.MultiplyTransposed(tape.Joined(t), deltas, _parameters.Gradients[_weights], Width, rows, 4 * Hidden, accumulate: true);
            MatrixKernel.SumRows(deltas, _parameters.Gradients[_bias], rows);
            if (t == 0) return;
            MatrixKernel.Multiply(deltas, _transposed, tape.JoinedGradient, rows, 4 * Hidden, Width);
            for (var r = 0; r < rows; r++)
            {
                var target = tape.OutputGradient(t - 1).Slice(r * Hidden, Hidden);
                TensorPrimitives.Add(target, tape.JoinedGradient.AsSpan(r * Width + Inputs, Hidden), target);
            }
        }
    }

    private void Activate(Span<float> gates, int rows)
    {
        for (var r = 0; r < rows; r++)
        {
            var row = gates.Slice(r * 4 * Hidden, 4 * Hidden);
            TensorPrimitives.Sigmoid(row[..(2 * Hidden)], row[..(2 * Hidden)]);
            TensorPrimitives.Tanh(row.Slice(2 * Hidden, Hidden), row.Slice(2 * Hidden, Hidden));
            TensorPrimitives.Sigmoid(row[(3 * Hidden)..], row[(3 * Hidden)..]);
        }
    }

    private void Advance(ReadOnlySpan<float> gates, ReadOnlySpan<float> before, Span<float> cell, Span<float> output, Span<float> squashed)
    {
        var h = Hidden;
        TensorPrimitives.Multiply(before, gates.Slice(h, h), cell);
        TensorPrimitives.MultiplyAdd(gates[..h], gates.Slice(2 * h, h), cell, cell);
        TensorPrimitives.Tanh(cell, squashed);
        TensorPrimitives.Multiply(squashed, gates.Slice(3 * h, h), output);
    }

    private void Retreat(LstmTape tape, int t, int row, ReadOnlySpan<float> before)
    {
        var gates = tape.Gates(t).Slice(row * 4 * Hidden, 4 * Hidden);
        var squashed = tape.Squashed(t).Slice(row * Hidden, Hidden);
        var dOutput = tape.OutputGradient(t).Slice(row * Hidden, Hidden);
        var dCell = tape.CellGradient.AsSpan(row * Hidden, Hidden);
        var deltas = tape.GateGradient.AsSpan(row * 4 * Hidden, 4 * Hidden);
        var u = 0;
        for (; u + Vector256<float>.Count <= Hidden; u += Vector256<float>.Count) Retreat(gates, squashed, dOutput, before, dCell, deltas, u);
        for (; u < Hidden; u++)
        {
            var (i, f, g, o) = (gates[u], gates[Hidden + u], gates[2 * Hidden + u], gates[3 * Hidden + u]);
            var dc = dCell[u] + dOutput[u] * o * (1 - squashed[u] * squashed[u]);
            deltas[u] = dc * g * i * (1 - i);
            deltas[Hidden + u] = dc * before[u] * f * (1 - f);
            deltas[2 * Hidden + u] = dc * i * (1 - g * g);
            deltas[3 * Hidden + u] = dOutput[u] * squashed[u] * o * (1 - o);
            dCell[u] = dc * f;
        }
    }

    /// <summary>Eight units at once, with the same operations in the same order.</summary>
    private void Retreat(
        ReadOnlySpan<float> gates, ReadOnlySpan<float> squashed, ReadOnlySpan<float> dOutput, ReadOnlySpan<float> before, Span<float> dCell, Span<float> deltas, int u)
    {
        var one = Vector256<float>.One;
        var (i, f) = (Vector256.Create(gates[u..]), Vector256.Create(gates[(Hidden + u)..]));
        var (g, o) = (Vector256.Create(gates[(2 * Hidden + u)..]), Vector256.Create(gates[(3 * Hidden + u)..]));
        var (s, d) = (Vector256.Create(squashed[u..]), Vector256.Create(dOutput[u..]));
        var dc = Vector256.Create<float>(dCell[u..]) + d * o * (one - s * s);
        (dc * g * i * (one - i)).CopyTo(deltas[u..]);
        (dc * Vector256.Create(before[u..]) * f * (one - f)).CopyTo(deltas[(Hidden + u)..]);
        (dc * i * (one - g * g)).CopyTo(deltas[(2 * Hidden + u)..]);
        (d * s * o * (one - o)).CopyTo(deltas[(3 * Hidden + u)..]);
        (dc * f).CopyTo(dCell[u..]);
    }
}
