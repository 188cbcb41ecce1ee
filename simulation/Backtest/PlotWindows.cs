using ControlPlane.Simulation.Traces;

namespace ControlPlane.Simulation.Backtest;

/// <summary>The parts of a demand that plots show: all of it, and, where that is more than two days, the day around the highest demand.</summary>
public static class PlotWindows
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>First tick and number of ticks of each.</summary>
    public static IReadOnlyList<(int From, int Ticks)> Of(LoadSeries load)
    {
        if (load.Duration <= 2 * Day) return [(0, load.Length)];
        var ticks = (int)(Day / load.Step);
        var highest = Enumerable.Range(0, load.Length).MaxBy(tick => load.DemandAt(tick));
        return [(0, load.Length), (Math.Clamp(highest - ticks / 2, 0, load.Length - ticks), ticks)];
    }
}
