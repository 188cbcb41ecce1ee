using ControlPlane.Core.Forecasting.Ensemble;
using ControlPlane.Core.Forecasting.Neural;

namespace ControlPlane.Core.Forecasting.Network;

/// <summary>
/// A small network that all workloads share: two layers of rectified units move each quantile of the ensemble by so many of its spreads. It begins as no
/// correction at all. Reading is safe from several threads.
/// </summary>
internal sealed class CorrectionNetwork
{
    public const int Inputs = CorrectionInputs.Count;
    public const int First = 128;
    public const int Second = 64;

    /// <summary>A correction for each level of the grid, and what fills the vector up.</summary>
    public const int Outputs = 16;

    /// <summary>√3: with it uniform weights keep the size of rectified units (He et al. 2015, halved).</summary>
    private const float HiddenScale = 1.7f;

    /// <param name="seed">Draws the first weights.</param>
    public CorrectionNetwork(ulong seed)
    {
        var random = new SeededNoise(seed);
        In = new DenseLayer(Parameters, Inputs, First, random, HiddenScale);
        Middle = new DenseLayer(Parameters, First, Second, random, HiddenScale);
        Out = new DenseLayer(Parameters, Second, Outputs, random, 0);
    }

    public ParameterSet Parameters { get; } = new();

    public DenseLayer In { get; }

    public DenseLayer Middle { get; }

    public DenseLayer Out { get; }

    /// <summary>Corrects the quantiles of one step.</summary>
    /// <param name="inputs"><c>[Inputs]</c>.</param>
    /// <param name="row">The ensemble's quantiles, by level of the grid.</param>
    /// <param name="spread">Its spread: <see cref="CorrectionInputs.SpreadOf"/>.</param>
    /// <param name="corrected">By level, filled, ascending.</param>
    public void Correct(ReadOnlySpan<float> inputs, ReadOnlySpan<float> row, float spread, Span<float> corrected)
    {
        Span<float> first = stackalloc float[First];
        Span<float> second = stackalloc float[Second];
        Span<float> output = stackalloc float[Outputs];
        In.Forward(inputs, first, 1);
        Rectify(first);
        Middle.Forward(first, second, 1);
        Rectify(second);
        Out.Forward(second, output, 1);
        for (var level = 0; level < QuantileGrid.Count; level++) corrected[level] = row[level] + spread * output[level];
        corrected[..QuantileGrid.Count].Sort();
    }

    /// <summary>After a training on standardised inputs: makes it the same function of the inputs as they are.</summary>
    /// <param name="mean">What was subtracted, <c>[Inputs]</c>.</param>
    /// <param name="deviation">What was divided by, <c>[Inputs]</c>.</param>
    public void TakeRaw(ReadOnlySpan<float> mean, ReadOnlySpan<float> deviation)
    {
        for (var i = 0; i < Inputs; i++)
        {
            var weights = In.Weights.Slice(i * First, First);
            for (var unit = 0; unit < First; unit++)
            {
                weights[unit] /= deviation[i];
                In.Bias[unit] -= mean[i] * weights[unit];
            }
        }
    }

    /// <summary>max(0, x), in place.</summary>
    public static void Rectify(Span<float> x) => System.Numerics.Tensors.TensorPrimitives.Max(x, 0f, x);
}
