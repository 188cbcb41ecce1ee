using ControlPlane.Simulation.Backtest.Frontier;
using ControlPlane.Simulation.Randomness;

namespace ControlPlane.Simulation.Tests.Backtest;

/// <summary>Demands in pods that are made, not recorded.</summary>
internal static class Demands
{
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(15);

    /// <summary>Days with a morning and an evening, busy hours that come within twenty minutes, noise, and a few crowds.</summary>
    public static double[] Daily(int days, ulong seed)
    {
        var random = new SeededRandom(seed);
        var demand = new double[days * 5760];
        var (crowd, coming) = (0.0, 0.0);
        for (var t = 0; t < demand.Length; t++)
        {
            var hour = t % 5760 / 240.0;
            // A crowd gathers over some minutes and leaves over an hour.
            if (random.NextDouble() < 0.0002) coming = 10 + 15 * random.NextDouble();
            var step = Math.Min(coming, 0.4);
            (crowd, coming) = (0.993 * crowd + step, coming - step);
            var noise = t % 4 == 0 || t == 0 ? 0.06 * random.NextNormal() : double.NaN;
            var level = 14 - 9 * Math.Cos(2 * Math.PI * hour / 24) + 12 * Math.Clamp(3 * (hour - 9), 0, 1) * Math.Clamp(3 * (11 - hour), 0, 1) + crowd;
            demand[t] = double.IsNaN(noise) ? demand[t - 1] : level * Math.Exp(noise);
        }

        return demand;
    }

    public static FrontierService Service(int days, int startupSteps, ulong seed = 1) => new(Daily(days, seed), Step, startupSteps);
}
