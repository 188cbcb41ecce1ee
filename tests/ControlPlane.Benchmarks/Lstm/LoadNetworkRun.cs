using System.Diagnostics;
using System.Globalization;
using ControlPlane.Core.Forecasting.Members;
using ControlPlane.Core.Forecasting.Network;

namespace ControlPlane.Benchmarks.Lstm;

/// <summary>What the load network costs a service: learning a step and forecasting all horizons of the ensemble, in steps of 15 seconds.</summary>
internal static class LoadNetworkRun
{
    private const int Days = 3;
    private const int Rounds = 2000;
    private const int Repeats = 100;
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(15);
    private static readonly int[] Horizons = [1, 2, 4, 8, 16, 32, 64, 128];

    public static void Run()
    {
        var (season, reader) = (new SeasonalMemory(Step, TimeSpan.FromMinutes(5)), new LoadNetworkReader(LoadNetworkWeights.Default.Network, Step));
        var at = 0L;
        for (; at < Days * 5760; at++) Learn(season, reader, at);
        var (learn, both) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            learn = Math.Min(learn, Time(() => reader.Update(at, Value(at++))));
            both = Math.Min(both, Time(() =>
            {
                reader.Update(at, Value(at++));
                foreach (var steps in Horizons) reader.Predict(season, steps);
            }));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"load network: a step {learn:0.00} µs, with a forecast of {Horizons.Length} horizons {both:0.00} µs"));
    }

    private static void Learn(SeasonalMemory season, LoadNetworkReader reader, long at)
    {
        season.Add(at, Value(at));
        reader.Update(at, Value(at));
        if (at > 5760) reader.Predict(season, 8);
    }

    private static double Value(long at) => 3 + Math.Sin(2 * Math.PI * at / 5760) + 0.1 * Math.Sin(at * 1.7);

    private static double Time(Action action)
    {
        var begun = Stopwatch.GetTimestamp();
        for (var i = 0; i < Repeats; i++) action();
        return Stopwatch.GetElapsedTime(begun).TotalMicroseconds / Repeats;
    }
}
