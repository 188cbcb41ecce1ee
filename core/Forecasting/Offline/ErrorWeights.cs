namespace ControlPlane.Core.Forecasting.Offline;

/// <summary>Weights of models from their losses on past windows: <c>exp(−sharpness·(loss/least − 1))</c>, so that only ratios of losses count.</summary>
internal static class ErrorWeights
{
    /// <param name="losses">Mean loss of each model, not negative; NaN or infinite leaves the model out.</param>
    /// <param name="weights">Filled; they sum to 1. Equal when no loss is finite.</param>
    /// <param name="sharpness">0 is the plain mean; large is the best model alone.</param>
    public static void Fill(ReadOnlySpan<double> losses, Span<double> weights, double sharpness = 20)
    {
        var least = double.PositiveInfinity;
        foreach (var loss in losses) least = loss < least ? loss : least;
        least = Math.Max(least, 1e-12);
        var sum = 0.0;
        for (var m = 0; m < losses.Length; m++)
        {
            weights[m] = double.IsFinite(losses[m]) ? Math.Exp(-sharpness * (Math.Max(losses[m], 1e-12) / least - 1)) : 0;
            sum += weights[m];
        }

        for (var m = 0; m < losses.Length; m++) weights[m] = sum > 0 ? weights[m] / sum : 1.0 / losses.Length;
    }
}
