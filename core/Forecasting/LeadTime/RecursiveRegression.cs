using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.LeadTime;

/// <summary>
/// Linear regression by recursive least squares with forgetting, in single precision. Inputs are padded with zeros to <see cref="Stride"/>. While the
/// covariance is wide nothing is forgotten: a direction that the data do not excite must not blow up.
/// </summary>
internal sealed class RecursiveRegression
{
    private const double WidestShare = 1000;
    private readonly double _keep;
    private readonly float _prior;
    private readonly float[] _covariance;
    private readonly float[] _gain;
    private readonly float[] _weights;

    /// <param name="size">Number of inputs.</param>
    /// <param name="prior">Variance of the weights before the first row.</param>
    /// <param name="keep">What remains of a row's weight at the next one.</param>
    public RecursiveRegression(int size, double prior, double keep)
    {
        (Size, _keep, _prior) = (size, keep, (float)prior);
        Stride = Padded(size);
        _covariance = new float[size * Stride];
        _gain = new float[Stride];
        _weights = new float[Stride];
        Widen();
    }

    /// <summary>Number of inputs.</summary>
    public int Size { get; }

    /// <summary>Length of an input with its padding.</summary>
    public int Stride { get; }

    public static int Padded(int size) => (size + 7) / 8 * 8;

    public double Predict(ReadOnlySpan<float> input) => Dot(_weights, input);

    /// <summary>Learns one row.</summary>
    /// <param name="input">The inputs.</param>
    /// <param name="target">What they should have given.</param>
    public void Learn(ReadOnlySpan<float> input, double target)
    {
        var error = target - Predict(input);
        var trace = 0.0;
        for (var row = 0; row < Size; row++)
        {
            _gain[row] = Dot(_covariance.AsSpan(row * Stride, Stride), input);
            trace += _covariance[row * Stride + row];
        }

        double spread = Dot(_gain, input);
        if (!double.IsFinite(error) || !double.IsFinite(spread) || spread < 0)
        {
            Widen();
            return;
        }

        var keep = trace >= WidestShare * Size ? 1 : _keep;
        var share = 1 / (keep + spread);
        AddScaled(_weights, _gain, 1, (float)(error * share));
        for (var row = 0; row < Size; row++)
            AddScaled(_covariance.AsSpan(row * Stride, Stride), _gain, (float)(1 / keep), (float)(-_gain[row] * share / keep));
    }

    /// <summary>Forgets how sure it is and keeps what it knows.</summary>
    public void Widen()
    {
        Array.Clear(_covariance);
        for (var i = 0; i < Size; i++) _covariance[i * Stride + i] = _prior;
        foreach (var weight in _weights)
        {
            if (!float.IsFinite(weight)) Array.Clear(_weights);
        }
    }

    public void CopyFrom(RecursiveRegression other)
    {
        other._weights.CopyTo(_weights, 0);
        other._covariance.CopyTo(_covariance, 0);
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_weights.AsSpan(0, Size));
        // Both triangles: they differ in their last bits.
        for (var row = 0; row < Size; row++) writer.Write(_covariance.AsSpan(row * Stride, Size));
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="reader">At its place.</param>
    /// <param name="size">How many inputs there were then; about those after them nothing is known yet.</param>
    public void Load(ref StateReader reader, int size)
    {
        reader.Read(_weights.AsSpan(0, size));
        for (var row = 0; row < size; row++) reader.Read(_covariance.AsSpan(row * Stride, size));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var x = MemoryMarshal.Cast<float, Vector<float>>(a);
        var y = MemoryMarshal.Cast<float, Vector<float>>(b)[..x.Length];
        var sum = Vector<float>.Zero;
        for (var i = 0; i < x.Length; i++) sum += x[i] * y[i];
        return Vector.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddScaled(Span<float> sums, ReadOnlySpan<float> values, float keep, float factor)
    {
        var x = MemoryMarshal.Cast<float, Vector<float>>(sums);
        var y = MemoryMarshal.Cast<float, Vector<float>>(values)[..x.Length];
        for (var i = 0; i < x.Length; i++) x[i] = x[i] * keep + y[i] * factor;
    }
}
