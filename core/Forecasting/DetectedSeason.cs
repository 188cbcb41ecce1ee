namespace ControlPlane.Core.Forecasting;

/// <summary>A season that <see cref="SeasonalityDetector"/> found.</summary>
/// <param name="Period">Its length, a whole number of steps.</param>
/// <param name="Strength">
/// Share of the variance that was left when it was looked for which each cycle's values, foretold from the other cycles, explain: in (0, 1].
/// </param>
public readonly record struct DetectedSeason(TimeSpan Period, double Strength);
