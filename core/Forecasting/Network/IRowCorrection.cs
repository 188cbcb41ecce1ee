namespace ControlPlane.Core.Forecasting.Network;

/// <summary>Corrects the ensemble's quantiles of one step. The same for all workloads, and safe from several threads.</summary>
internal interface IRowCorrection
{
    /// <summary>Corrects.</summary>
    /// <param name="target">Number of the step that is foretold.</param>
    /// <param name="inputs">What <see cref="CorrectionInputs"/> says of the forecast.</param>
    /// <param name="row">The ensemble's quantiles, by level of the grid.</param>
    /// <param name="spread">Its spread: <see cref="CorrectionInputs.SpreadOf"/>.</param>
    /// <param name="corrected">By level, filled, ascending.</param>
    void Correct(long target, ReadOnlySpan<float> inputs, ReadOnlySpan<float> row, float spread, Span<float> corrected);
}
