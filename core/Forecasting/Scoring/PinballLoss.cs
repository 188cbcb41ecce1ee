namespace ControlPlane.Core.Forecasting.Scoring;

/// <summary>The loss of a quantile forecast (Koenker and Bassett 1978): its mean is least for the true quantile.</summary>
public static class PinballLoss
{
    /// <summary>(τ − 1{y &lt; q})·(y − q).</summary>
    /// <param name="level">τ, within (0, 1).</param>
    /// <param name="outcome">y, what came.</param>
    /// <param name="given">q, the quantile that was forecast.</param>
    /// <returns>0 or more, in the unit of the values.</returns>
    public static double Of(double level, double outcome, double given) =>
        outcome < given ? (1 - level) * (given - outcome) : level * (outcome - given);

    /// <summary>Mean over several levels.</summary>
    /// <param name="levels">Levels, each within (0, 1).</param>
    /// <param name="outcome">What came.</param>
    /// <param name="given">The quantiles that were forecast, in the order of the levels.</param>
    public static double Mean(ReadOnlySpan<float> levels, double outcome, ReadOnlySpan<float> given)
    {
        var sum = 0.0;
        for (var i = 0; i < levels.Length; i++) sum += Of(levels[i], outcome, given[i]);
        return sum / levels.Length;
    }
}
