using System.Collections.Immutable;

namespace ControlPlane.Core.Forecasting.Scoring;

/// <summary>What is asked of every model at every origin: the horizons, in steps, and the quantile levels.</summary>
/// <param name="Step">Length of a step.</param>
/// <param name="Horizons">Horizons in steps, ascending.</param>
/// <param name="Levels">Levels, ascending.</param>
internal sealed record TraceGrid(TimeSpan Step, ImmutableArray<int> Horizons, ImmutableArray<float> Levels)
{
    private const int MostHorizons = 15;
    private const int SpacedHorizons = 12;

    /// <summary>Numbers in one forecast.</summary>
    public int Cells => Horizons.Length * Levels.Length;

    public int Longest => Horizons[^1];

    public int StepsPerDay => (int)Math.Max(1, Math.Round(TimeSpan.FromDays(1) / Step));

    /// <summary>Every step up to the horizon if these are at most 15; else about twelve, evenly spaced and ending at the horizon.</summary>
    public static TraceGrid Of(TimeSpan step, int horizon, ImmutableArray<float> levels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(horizon, 1);
        var stride = horizon <= MostHorizons ? 1 : (horizon + SpacedHorizons - 1) / SpacedHorizons;
        var horizons = new List<int>();
        for (var h = horizon; h > 0; h -= stride) horizons.Insert(0, h);
        return new TraceGrid(step, [.. horizons], levels);
    }
}
