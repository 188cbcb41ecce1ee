using System.Collections.Immutable;
using System.Numerics.Tensors;
using ControlPlane.Core.Forecasting.Ensemble;

namespace ControlPlane.Core.Forecasting.Network;

/// <summary>The mean of several networks that differ in their seed: what one of them made up, the others do not share.</summary>
/// <param name="networks">At least one.</param>
internal sealed class CorrectionCommittee(ImmutableArray<CorrectionNetwork> networks) : IRowCorrection
{
    public ImmutableArray<CorrectionNetwork> Networks { get; } = networks;

    public void Correct(long target, ReadOnlySpan<float> inputs, ReadOnlySpan<float> row, float spread, Span<float> corrected)
    {
        Span<float> one = stackalloc float[QuantileGrid.Count];
        corrected = corrected[..one.Length];
        corrected.Clear();
        foreach (var network in Networks)
        {
            network.Correct(inputs, row, spread, one);
            TensorPrimitives.MultiplyAdd(one, 1f / Networks.Length, corrected, corrected);
        }
    }
}
