namespace ControlPlane.Core.Scaling;

/// <summary>
/// What a <see cref="Ledger"/> allows at a step, known before anything is chosen: what is chosen within it is not corrected afterwards, so that the replicas do not
/// go to and fro between a wish and its correction.
/// </summary>
/// <param name="PriceShare">
/// Share of the price of a violation that counts, within 0..1: while there is little room for pods and violations are no worse than the HPA's, spare pods are kept for
/// the steps where they matter most.
/// </param>
/// <param name="Floor">Fewest replicas; 0 for none.</param>
/// <param name="Ceiling">Most replicas; at least the HPA's.</param>
/// <param name="FloorSteps">Steps for which the HPA's answer is still a floor.</param>
/// <param name="IsSpent">Whether the room for pods was used up and has not come back yet: the HPA's answer is the most until then.</param>
public readonly record struct LedgerTerms(double PriceShare, int Floor, int Ceiling, int FloorSteps, bool IsSpent)
{
    /// <summary>Room, in steps of the HPA's usual replicas, below which the price of a violation falls.</summary>
    public const double ThriftySteps = 60;

    /// <summary>Room below which the account is spent.</summary>
    public const double SpentSteps = 4;

    /// <summary>Room at which a spent account is open again.</summary>
    public const double ReopenedSteps = 30;

    /// <summary>Terms of no account.</summary>
    public static readonly LedgerTerms Free = new(1, 0, int.MaxValue, 0, false);

    /// <summary>The terms that follow from the accounts.</summary>
    /// <param name="books">The accounts.</param>
    /// <param name="floorSteps">Steps for which the HPA's answer was still a floor.</param>
    /// <param name="wasSpent">Whether the account was spent.</param>
    /// <param name="reference">The HPA's replicas.</param>
    /// <param name="lead">Steps of a start-up.</param>
    public static LedgerTerms Of(LedgerBooks books, int floorSteps, bool wasSpent, int reference, int lead)
    {
        var behind = books.OwnViolations - books.HpaViolations;
        var left = Math.Max(0, floorSteps - 1);
        if (left == 0 && behind > Ledger.LeadsBehind * lead) left = Ledger.LeadsOfFloor * (lead + 1);
        var usual = Math.Max(1.0, books.HpaPods) / Math.Max(1, books.Steps);
        var room = (1 + Ledger.PodSlack) * books.HpaPods + Ledger.GraceSteps * usual - books.OwnPods;
        var steps = room / usual;
        var isSpent = steps < (wasSpent ? ReopenedSteps : SpentSteps);
        var share = behind > 0 ? 1 : Math.Clamp(steps / ThriftySteps, 0, 1);
        var ceiling = isSpent ? reference : (int)Math.Min(reference + room, int.MaxValue);
        return new(share, left > 0 ? reference : 0, ceiling, left, isSpent);
    }

    /// <summary>The replicas within the terms.</summary>
    public int Bound(int replicas) => Math.Min(Math.Max(replicas, Floor), Ceiling);

    /// <summary>What stood against a wish; null when nothing did.</summary>
    /// <param name="wish">Replicas wished for.</param>
    public string? Rule(int wish) => wish > Ceiling ? "pods" : wish < Floor ? "violations" : null;
}
