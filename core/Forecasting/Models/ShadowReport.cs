namespace ControlPlane.Core.Forecasting.Models;

/// <summary>What one service saw of a trial during one block, or that a model failed on it.</summary>
[GenerateSerializer, Immutable, Alias("cp.ShadowReport")]
public sealed record ShadowReport
{
    /// <summary>The trial; 0 when none ran (a failing champion).</summary>
    [Id(0)] public required long Trial { get; init; }

    /// <summary>The service's id as text.</summary>
    [Id(1)] public required string Workload { get; init; }

    /// <summary>Number of the block; a service's reports are counted in ascending order, each once.</summary>
    [Id(2)] public required long Block { get; init; }

    /// <summary>The block's sums.</summary>
    [Id(3)] public PairedScores Scores { get; init; } = PairedScores.Empty;

    /// <summary>The model that failed; null when none did.</summary>
    [Id(4)] public ModelId? Failed { get; init; }

    /// <summary>How it failed; null when it did not.</summary>
    [Id(5)] public string? Failure { get; init; }
}

/// <summary>What became of a report.</summary>
[GenerateSerializer, Alias("cp.ReportOutcome")]
public enum ReportOutcome
{
    /// <summary>It was counted.</summary>
    Counted,

    /// <summary>It, or a newer one of the service, was counted before.</summary>
    Repeated,

    /// <summary>The trial is over, or the model that failed is not in use.</summary>
    Outdated,

    /// <summary>Enough other services report, or the report cannot be: the service may stop its shadow.</summary>
    Refused,
}
