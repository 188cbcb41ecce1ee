using System.Collections.Immutable;

namespace ControlPlane.Simulation.Backtest;

/// <summary>What happened over one run, in equal parts of time, for plots. Arrays have one value a part, oldest first; NaN is unknown.</summary>
public sealed record RunSeries
{
    /// <summary>Start of the first part, UTC.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>Length of a part.</summary>
    public required TimeSpan Part { get; init; }

    /// <summary>Mean demand, requests per second.</summary>
    public required ImmutableArray<float> Demand { get; init; }

    /// <summary>Greatest demand, requests per second.</summary>
    public required ImmutableArray<float> HighestDemand { get; init; }

    /// <summary>Mean of the pods that were paid for.</summary>
    public required ImmutableArray<float> Pods { get; init; }

    /// <summary>Mean of the ticks' 95th percentiles of the response time, seconds.</summary>
    public required ImmutableArray<float> LatencyP95 { get; init; }

    /// <summary>Share of the part in which the objective was missed.</summary>
    public required ImmutableArray<float> Violated { get; init; }

    /// <summary>Quantile levels of the forecasts that are kept; empty without forecasts.</summary>
    public ImmutableArray<float> Levels { get; init; } = [];

    /// <summary>For each level the mean forecast for the part, made a start-up before, requests per second.</summary>
    public ImmutableArray<ImmutableArray<float>> Forecasts { get; init; } = [];
}
