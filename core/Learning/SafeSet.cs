using ControlPlane.Core.Scaling;

namespace ControlPlane.Core.Learning;

/// <summary>
/// The moves that are allowed at a step, whatever an adviser says. The account of no regret, trust and the guardrails come after it and know nothing of it.
/// </summary>
public static class SafeSet
{
    /// <summary>Least factor on the price of a violation.</summary>
    public const double LeastPriceFactor = 0.25;

    /// <summary>Greatest factor on the price of a violation.</summary>
    public const double MostPriceFactor = 4;

    /// <summary>Most pods on top, a fraction.</summary>
    public const double MostHeadroom = 0.1;

    /// <summary>The move within the set.</summary>
    /// <param name="move">What was proposed; a number that is none counts as no move.</param>
    /// <param name="books">The accounts: whoever has had more violations than the HPA must not take violations for cheaper.</param>
    /// <param name="terms">The terms of the step: whoever has no room for pods must not ask for more.</param>
    public static AdviserMove Restrict(AdviserMove move, LedgerBooks books, LedgerTerms terms)
    {
        if (!double.IsFinite(move.PriceFactor) || !double.IsFinite(move.Headroom)) return AdviserMove.None;
        var isBehind = books.OwnViolations > books.HpaViolations || terms.FloorSteps > 0;
        var isShort = terms.IsSpent || terms.PriceShare < 1;
        return new(
            Math.Clamp(move.PriceFactor, isBehind ? 1 : LeastPriceFactor, isShort ? 1 : MostPriceFactor),
            Math.Clamp(move.Headroom, 0, isShort ? 0 : MostHeadroom));
    }
}
