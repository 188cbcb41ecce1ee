using System.Collections.Immutable;

namespace ControlPlane.Core.Forecasting.Models;

/// <summary>When a challenger takes over, and when a new champion gives way again.</summary>
public sealed record PromotionOptions
{
    /// <summary>Length of a block, the unit of evidence: every service reports once a block, and a block's mean over services is one observation. Default 1 h.</summary>
    public TimeSpan Block { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Numbers of blocks at which a challenger is judged, ascending; after the last it has failed. Whole days, so that good and bad hours weigh
    /// equally. Default 48, 96, 168, 336 (2, 4, 7, 14 days).
    /// </summary>
    public ImmutableArray<int> Looks { get; init; } = [48, 96, 168, 336];

    /// <summary>
    /// Probability that a challenger that is not better is promoted at any look, a fraction. It is spent over the looks in shares that grow with
    /// their number (1 : 2 : 3 : …), so that looking often does not add up. Default 0.025.
    /// </summary>
    public double FalsePromotion { get; init; } = 0.025;

    /// <summary>Numbers of blocks at which a new champion is judged against the former one; after the last it stays. Default 12, 24, 48, 96, 168.</summary>
    public ImmutableArray<int> ProbationLooks { get; init; } = [12, 24, 48, 96, 168];

    /// <summary>Probability that a new champion that is not worse is rolled back at any look, a fraction. Default 0.05.</summary>
    public double FalseRollback { get; init; } = 0.05;

    /// <summary>Fewest scored outcomes before any judgement. Default 500.</summary>
    public long FewestOutcomes { get; init; } = 500;

    /// <summary>How much farther from its level a challenger's coverage may be than the champion's, at any quantile, a fraction. Default 0.02.</summary>
    public double CoverageMargin { get; init; } = 0.02;

    /// <summary>A service counts as harmed when its loss grew by more than this share. Default 0.1.</summary>
    public double ServiceLoss { get; init; } = 0.1;

    /// <summary>Largest share of services that may be harmed. Default 0.1.</summary>
    public double HarmedServices { get; init; } = 0.1;

    /// <summary>Services that run a shadow at a time, about; twice as many are the most that are counted. Default 64.</summary>
    public int ShadowServices { get; init; } = 64;

    /// <summary>Longest list of challengers that wait. Default 8.</summary>
    public int MostChallengers { get; init; } = 8;

    /// <summary>Looks of a purpose.</summary>
    public ImmutableArray<int> LooksFor(TrialPurpose purpose) => purpose == TrialPurpose.Challenge ? Looks : ProbationLooks;

    /// <summary>Probability of an error that a look may spend: look 1 the least, the last the most.</summary>
    /// <param name="purpose">What is judged.</param>
    /// <param name="look">The look, from 0.</param>
    public double Spend(TrialPurpose purpose, int look)
    {
        var looks = LooksFor(purpose).Length;
        var all = purpose == TrialPurpose.Challenge ? FalsePromotion : FalseRollback;
        return all * (look + 1) / (looks * (looks + 1) / 2.0);
    }
}
