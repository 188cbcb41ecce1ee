using System.Collections.Immutable;

namespace ControlPlane.Core.Anomalies;

/// <summary>One anomaly from its start to its end, with what it rests on.</summary>
[GenerateSerializer, Immutable, Alias("cp.AnomalyEpisode")]
public sealed record AnomalyEpisode
{
    /// <summary>Time of the first step of the rise that led to it, UTC: not after <see cref="Detected"/>.</summary>
    [Id(0)] public required DateTimeOffset Started { get; init; }

    /// <summary>Time of the step whose score passed the threshold, UTC.</summary>
    [Id(1)] public required DateTimeOffset Detected { get; init; }

    /// <summary>Time of the last step that was unusual, UTC; null while it goes on.</summary>
    [Id(2)] public DateTimeOffset? Ended { get; init; }

    /// <summary>Highest score so far.</summary>
    [Id(3)] public required double Peak { get; init; }

    /// <summary>Threshold that was passed.</summary>
    [Id(4)] public required double Threshold { get; init; }

    /// <summary>Signals with their share of the blame since the start, largest first; the shares sum to 1. Empty when only their combination is unusual.</summary>
    [Id(5)] public ImmutableArray<SignalShare> Signals { get; init; } = [];
}

/// <summary>A signal's part in an anomaly.</summary>
/// <param name="Signal">Its name.</param>
/// <param name="Share">Its share of the blame, above 0 and at most 1.</param>
[GenerateSerializer, Immutable, Alias("cp.SignalShare")]
public readonly record struct SignalShare([property: Id(0)] string Signal, [property: Id(1)] double Share);
