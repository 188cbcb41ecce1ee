using System.Collections.Immutable;
using ControlPlane.Core.Forecasting.Network;

namespace ControlPlane.Core.Forecasting.Scoring;

/// <summary>How a trace is scored.</summary>
public sealed record TraceScoreOptions
{
    /// <summary>Default of <see cref="Levels"/>.</summary>
    public static readonly ImmutableArray<float> DefaultLevels = [0.025f, 0.1f, 0.25f, 0.5f, 0.75f, 0.9f, 0.95f, 0.975f];

    /// <summary>Length of a step of the trace, positive.</summary>
    public required TimeSpan Step { get; init; }

    /// <summary>Longest horizon, at least one step. Default 1 h. Up to 15 steps all are scored; beyond, about twelve evenly spaced ones.</summary>
    public TimeSpan Horizon { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Time of the end of the first step. Default: 1 January 2024, 00:00 UTC.</summary>
    public DateTimeOffset Start { get; init; } = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Days that the models may learn from before the first origin is scored; null: three hours.</summary>
    public int? TrainDays { get; init; }

    /// <summary>Quantile levels, ascending, 0.025, 0.5 and 0.975 among them.</summary>
    public ImmutableArray<float> Levels { get; init; } = DefaultLevels;

    /// <summary>Names of the rows wanted, of <see cref="TraceScore.ModelNames"/>; empty: all.</summary>
    public ImmutableArray<string> Models { get; init; } = [];

    /// <summary>Networks of the ensemble; null: those that come with the program.</summary>
    public CorrectionWeights? Networks { get; init; }
}
