using System.Numerics.Tensors;

namespace ControlPlane.Core.Forecasting.Neural;

/// <summary>All weights of a network in one buffer, with their gradients beside them. Layers hold ranges of it.</summary>
internal sealed class ParameterSet
{
    private float[] _values = [];
    private float[] _gradients = [];

    /// <summary>Number of weights.</summary>
    public int Count { get; private set; }

    /// <summary>The weights, in the order in which the layers were made.</summary>
    public Span<float> Values => _values.AsSpan(0, Count);

    /// <summary>Derivative of the loss by each weight, summed since <see cref="ClearGradients"/>.</summary>
    public Span<float> Gradients => _gradients.AsSpan(0, Count);

    /// <summary>Adds weights.</summary>
    /// <param name="count">How many.</param>
    /// <param name="random">Draws them.</param>
    /// <param name="bound">Largest absolute value of a uniform draw; 0 leaves them 0.</param>
    public Range Add(int count, SeededNoise random, float bound)
    {
        var start = Count;
        Count += count;
        if (_values.Length < Count)
        {
            Array.Resize(ref _values, Math.Max(Count, 2 * _values.Length));
            Array.Resize(ref _gradients, _values.Length);
        }

        for (var i = start; i < Count; i++) _values[i] = bound == 0 ? 0 : (float)((2 * random.NextDouble() - 1) * bound);
        return start..Count;
    }

    /// <summary>Keeps the weights alone, in no more memory than they take: of many small networks each learns with a <see cref="Lend">borrowed</see> buffer.</summary>
    public void Compact()
    {
        Array.Resize(ref _values, Count);
        _gradients = [];
    }

    /// <summary>Takes a buffer for the gradients, of at least as many numbers as there are weights; an empty one takes it back.</summary>
    public void Lend(float[] gradients) => _gradients = gradients;

    public void ClearGradients() => Gradients.Clear();

    /// <summary>Scales the gradients down to a length.</summary>
    /// <returns>The length before; not finite when a gradient is not.</returns>
    public float ClipGradients(float longest)
    {
        var norm = MathF.Sqrt(TensorPrimitives.SumOfSquares<float>(Gradients));
        if (norm > longest) TensorPrimitives.Multiply(Gradients, longest / norm, Gradients);
        return norm;
    }
}
