using System.Collections.Immutable;

namespace ControlPlane.Core.Forecasting.Models;

/// <summary>A model in shadow beside the champion and what was seen of both.</summary>
[GenerateSerializer, Immutable, Alias("cp.ModelTrial")]
public sealed record ModelTrial
{
    /// <summary>Number of the trial; reports of another are not counted.</summary>
    [Id(0)] public required long Id { get; init; }

    /// <summary>What is to be found out.</summary>
    [Id(1)] public required TrialPurpose Purpose { get; init; }

    /// <summary>The champion whose forecasts are acted on.</summary>
    [Id(2)] public required ModelId Champion { get; init; }

    /// <summary>The model in shadow: the challenger, or on probation the former champion.</summary>
    [Id(3)] public required ModelId Shadow { get; init; }

    /// <summary>Begin, UTC.</summary>
    [Id(4)] public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Share of services that run the shadow, within (0, 1].</summary>
    [Id(5)] public required double Share { get; init; }

    /// <summary>Looks that were taken.</summary>
    [Id(6)] public int Looks { get; init; }

    /// <summary>Evidence by block, ascending by index.</summary>
    [Id(7)] public ImmutableArray<TrialBlock> Blocks { get; init; } = [];

    /// <summary>Evidence by service, in the order of their first reports.</summary>
    [Id(8)] public ImmutableArray<TrialService> Services { get; init; } = [];

    /// <summary>Sums over all reports.</summary>
    [Id(9)] public PairedScores Scores { get; init; } = PairedScores.Empty;
}

/// <summary>What a trial is to find out.</summary>
[GenerateSerializer, Alias("cp.TrialPurpose")]
public enum TrialPurpose
{
    /// <summary>Whether a challenger is better than the champion.</summary>
    Challenge,

    /// <summary>Whether a new champion is worse than the former one.</summary>
    Probation,
}

/// <summary>One block of a trial.</summary>
/// <param name="Index">Number of the block since year 1.</param>
/// <param name="Services">Services that reported.</param>
/// <param name="Difference">Sum over them of the mean difference of scaled losses, champion minus shadow.</param>
[GenerateSerializer, Immutable, Alias("cp.TrialBlock")]
public readonly record struct TrialBlock([property: Id(0)] long Index, [property: Id(1)] int Services, [property: Id(2)] double Difference);

/// <summary>One service in a trial.</summary>
/// <param name="Workload">Its id's text.</param>
/// <param name="LastBlock">Newest block that was counted; a report that is not newer is a repetition.</param>
/// <param name="ChampionLoss">Sum of the champion's scaled losses.</param>
/// <param name="ShadowLoss">Sum of the shadow's.</param>
[GenerateSerializer, Immutable, Alias("cp.TrialService")]
public readonly record struct TrialService(
    [property: Id(0)] string Workload, [property: Id(1)] long LastBlock, [property: Id(2)] double ChampionLoss, [property: Id(3)] double ShadowLoss);
