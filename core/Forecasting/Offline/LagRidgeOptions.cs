namespace ControlPlane.Core.Forecasting.Offline;

/// <summary>What a <see cref="LagRidge"/> regresses on, and how.</summary>
internal sealed record LagRidgeOptions
{
    /// <summary>Lags in steps, ascending.</summary>
    public required int[] Lags { get; init; }

    /// <summary>The scale on which the regression is linear.</summary>
    public SeriesScale Scale { get; init; } = SeriesScale.Logarithm;

    /// <summary>Steps of one season, each with a level of its own.</summary>
    public int Season { get; init; } = 24;

    /// <summary>Age in steps at which an observation counts half.</summary>
    public double HalfLife { get; init; } = 336;

    /// <summary>Penalty on the squared coefficients of the lags, on standardised values.</summary>
    public double LagPenalty { get; init; } = 0.1;

    /// <summary>Penalty on the squared levels of the season.</summary>
    public double SeasonPenalty { get; init; } = 0.3;

    /// <summary>Rounds of reweighting by Huber's function; 0 is least squares.</summary>
    public int Rounds { get; init; } = 3;
}
