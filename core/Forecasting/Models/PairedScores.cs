using System.Collections.Immutable;

namespace ControlPlane.Core.Forecasting.Models;

/// <summary>
/// Sums of two models' scores on the same outcomes. A loss is the pinball loss over <see cref="ForecastSettings.Quantiles"/>, averaged, divided by the
/// service's usual demand, so that services of any size add up.
/// </summary>
[GenerateSerializer, Immutable, Alias("cp.PairedScores")]
public sealed record PairedScores
{
    /// <summary>Nothing was scored.</summary>
    public static readonly PairedScores Empty = new();

    /// <summary>Outcomes that were scored, one a step and horizon.</summary>
    [Id(0)] public long Outcomes { get; init; }

    /// <summary>Sum of the champion's losses.</summary>
    [Id(1)] public double ChampionLoss { get; init; }

    /// <summary>Sum of the shadow's losses.</summary>
    [Id(2)] public double ShadowLoss { get; init; }

    /// <summary>Outcomes at or below each of the champion's quantiles, in the order of <see cref="ForecastSettings.Quantiles"/>; empty before the first.</summary>
    [Id(3)] public ImmutableArray<long> ChampionCovered { get; init; } = [];

    /// <summary>The same for the shadow.</summary>
    [Id(4)] public ImmutableArray<long> ShadowCovered { get; init; } = [];

    /// <summary>Mean difference of losses, champion minus shadow; 0 before the first outcome.</summary>
    public double MeanDifference => Outcomes == 0 ? 0 : (ChampionLoss - ShadowLoss) / Outcomes;

    /// <summary>Whether the sums can have come from scoring: finite, not negative, covered counts within the outcomes.</summary>
    public bool IsPlausible =>
        Outcomes > 0 && double.IsFinite(ChampionLoss) && ChampionLoss >= 0 && double.IsFinite(ShadowLoss) && ShadowLoss >= 0
        && AreCounts(ChampionCovered) && AreCounts(ShadowCovered);

    /// <summary>The sums of both.</summary>
    public PairedScores Add(PairedScores other) => new()
    {
        Outcomes = Outcomes + other.Outcomes,
        ChampionLoss = ChampionLoss + other.ChampionLoss,
        ShadowLoss = ShadowLoss + other.ShadowLoss,
        ChampionCovered = Add(ChampionCovered, other.ChampionCovered),
        ShadowCovered = Add(ShadowCovered, other.ShadowCovered),
    };

    /// <summary>Sums of counts by position; an empty list counts nothing.</summary>
    internal static ImmutableArray<long> Add(ImmutableArray<long> a, ImmutableArray<long> b)
    {
        if (a.IsDefaultOrEmpty) return b;
        return b.IsDefaultOrEmpty ? a : [.. a.Zip(b, static (x, y) => x + y)];
    }

    private bool AreCounts(ImmutableArray<long> counts) =>
        !counts.IsDefault && counts.Length == ForecastSettings.Quantiles.Length && counts.All(count => count >= 0 && count <= Outcomes);
}
