using ControlPlane.Core.Forecasting.Neural;

namespace ControlPlane.Core.Forecasting.Network;

/// <summary>
/// A small network that all workloads share: two layers of rectified units give, for one horizon, a weight for each guide and a correction in typical
/// changes; the answer is Σ weightᵢ·guideᵢ + correction·scale, the change on the model scale. Reading is safe from several threads.
/// </summary>
internal sealed class LoadNetwork
{
    public const int Inputs = LoadFeatures.Shared + LoadFeatures.Own;
    public const int First = 64;
    public const int Second = 32;

    /// <summary>Weights of the guides, the correction, and what fills the vector up.</summary>
    public const int Outputs = 16;

    private const float FirstOutputScale = 0.1f;

    /// <param name="seed">Draws the first weights.</param>
    public LoadNetwork(ulong seed)
    {
        var random = new SeededNoise(seed);
        In = new DenseLayer(Parameters, Inputs, First, random);
        Middle = new DenseLayer(Parameters, First, Second, random);
        Out = new DenseLayer(Parameters, Second, Outputs, random, FirstOutputScale);
    }

    public ParameterSet Parameters { get; } = new();

    public DenseLayer In { get; }

    public DenseLayer Middle { get; }

    public DenseLayer Out { get; }

    /// <summary>The shared inputs' part of the first layer, which all horizons start from.</summary>
    /// <param name="shared"><c>[LoadFeatures.Shared]</c>.</param>
    /// <param name="start"><c>[First]</c>, filled.</param>
    public void Begin(ReadOnlySpan<float> shared, Span<float> start)
    {
        In.Bias.CopyTo(start);
        MatrixKernel.Multiply(shared, In.Weights, start, 1, LoadFeatures.Shared, First, accumulate: true);
    }

    /// <summary>The change over one horizon, on the model scale.</summary>
    /// <param name="start">What <see cref="Begin"/> gave.</param>
    /// <param name="own"><c>[LoadFeatures.Own]</c>.</param>
    /// <param name="guides"><c>[LoadFeatures.GuideCount]</c>.</param>
    /// <param name="scale">Typical absolute change over the horizon.</param>
    public double Change(ReadOnlySpan<float> start, ReadOnlySpan<float> own, ReadOnlySpan<float> guides, double scale)
    {
        Span<float> first = stackalloc float[First];
        Span<float> second = stackalloc float[Second];
        Span<float> output = stackalloc float[Outputs];
        start.CopyTo(first);
        MatrixKernel.Multiply(own, In.Weights[(LoadFeatures.Shared * First)..], first, 1, LoadFeatures.Own, First, accumulate: true);
        Rectify(first);
        Middle.Forward(first, second, 1);
        Rectify(second);
        Out.Forward(second, output, 1);
        return Combine(output, guides, (float)scale);
    }

    /// <summary>Σ weightᵢ·guideᵢ + correction·scale.</summary>
    public static float Combine(ReadOnlySpan<float> output, ReadOnlySpan<float> guides, float scale)
    {
        var sum = output[LoadFeatures.GuideCount] * scale;
        for (var i = 0; i < LoadFeatures.GuideCount; i++) sum += output[i] * guides[i];
        return sum;
    }

    /// <summary>max(0, x), in place.</summary>
    public static void Rectify(Span<float> x) => System.Numerics.Tensors.TensorPrimitives.Max(x, 0f, x);
}
