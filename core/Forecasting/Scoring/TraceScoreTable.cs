using System.Collections.Immutable;

namespace ControlPlane.Core.Forecasting.Scoring;

/// <summary>What <see cref="TraceScore"/> measured on one trace.</summary>
public sealed record TraceScoreTable
{
    /// <summary>Horizons scored, in steps, ascending.</summary>
    public required ImmutableArray<int> Horizons { get; init; }

    /// <summary>Quantile levels, ascending.</summary>
    public required ImmutableArray<float> Levels { get; init; }

    /// <summary>Pairs of origin and horizon that were scored, the same for every row.</summary>
    public required long Pairs { get; init; }

    /// <summary>Values of the trace that were not finite, negative or too large, and so counted as unknown.</summary>
    public required long Rejected { get; init; }

    /// <summary>One row a model; empty when <see cref="Problem"/> is set.</summary>
    public required ImmutableArray<TraceScoreRow> Rows { get; init; }

    /// <summary>Why nothing could be scored; null when something was.</summary>
    public string? Problem { get; init; }

    /// <summary>A row by its model's name; null when there is none.</summary>
    public TraceScoreRow? Find(string name) => Rows.FirstOrDefault(row => row.Name == name);

    /// <summary>
    /// Pinball loss of a model ÷ the lesser of seasonal naive's and the strong Holt-Winters'; null when one of the three is missing or the divisor is 0.
    /// </summary>
    public double? RatioToBetterBaseline(string name)
    {
        if (Find(name) is not { } row || Find(TraceScore.SeasonalNaive) is not { } naive || Find(TraceScore.HoltWintersStar) is not { } star) return null;
        var better = Math.Min(naive.Pinball, star.Pinball);
        return better > 0 ? row.Pinball / better : null;
    }
}

/// <summary>The scores of one model on one trace.</summary>
public sealed record TraceScoreRow
{
    /// <summary>The model.</summary>
    public required string Name { get; init; }

    /// <summary>Mean pinball loss over pairs and levels, in the unit of the trace.</summary>
    public required double Pinball { get; init; }

    /// <summary>The same over the origins of the first 24 hours only; null when scoring began later.</summary>
    public double? FirstDayPinball { get; init; }

    /// <summary>Sum of |outcome − median| ÷ sum of |outcome|; null when every outcome is 0.</summary>
    public double? Wape { get; init; }

    /// <summary>Share of outcomes at or below each quantile, in the order of the levels.</summary>
    public required ImmutableArray<double> Coverage { get; init; }

    /// <summary>Share of outcomes from the 0.025 to the 0.975 quantile, both included.</summary>
    public required double Coverage95 { get; init; }

    /// <summary>Mean pinball loss by horizon, in the order of the horizons.</summary>
    public required ImmutableArray<double> PinballByHorizon { get; init; }

    /// <summary>Time that the model's updates and forecasts took.</summary>
    public required double Seconds { get; init; }
}
