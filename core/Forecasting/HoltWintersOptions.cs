namespace ControlPlane.Core.Forecasting;

/// <summary>Settings of <see cref="HoltWintersForecaster"/>.</summary>
public sealed record HoltWintersOptions
{
    /// <summary>Time constant of the level: its weight a step is 1 − e^(−step ÷ this). Default 5 min.</summary>
    public TimeSpan LevelTime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Time constant of the trend and of its damping. Default 30 min.</summary>
    public TimeSpan TrendTime { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Weight of a new day in the seasonal terms, a fraction. Default 0.3.</summary>
    public double SeasonWeight { get; init; } = 0.3;

    /// <summary>Length of the season; zero: none. Default 1 day.</summary>
    public TimeSpan Season { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Width of a seasonal bin, at least the step. Default 5 min.</summary>
    public TimeSpan SeasonBin { get; init; } = TimeSpan.FromMinutes(5);
}
