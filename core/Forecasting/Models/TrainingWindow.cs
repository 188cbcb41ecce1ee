namespace ControlPlane.Core.Forecasting.Models;

/// <summary>What a model was trained on.</summary>
[GenerateSerializer, Immutable, Alias("cp.TrainingWindow")]
public sealed record TrainingWindow
{
    /// <summary>Start of the oldest value, UTC.</summary>
    [Id(0)] public required DateTimeOffset From { get; init; }

    /// <summary>End of the newest value, UTC.</summary>
    [Id(1)] public required DateTimeOffset To { get; init; }

    /// <summary>Length of a step of the training data.</summary>
    [Id(2)] public required TimeSpan Step { get; init; }

    /// <summary>Number of series, at least 1.</summary>
    [Id(3)] public required int Series { get; init; }
}
