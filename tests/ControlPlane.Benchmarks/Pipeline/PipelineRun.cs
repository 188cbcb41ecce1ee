using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using ControlPlane.Core.Policies;

namespace ControlPlane.Benchmarks.Pipeline;

/// <summary>A measured run of fleets of several sizes, and the plain loop beside it: <c>pipeline [services...]</c>.</summary>
internal static class PipelineRun
{
    /// <summary>As many as lie between two checkpoints, so that those are warm as well.</summary>
    private const int QuietSteps = 60;
    private const int MostWarmUpSteps = 600;
    private const int Observations = 400_000;
    private static readonly int[] DefaultSizes = [1_000, 10_000];

    public static async Task<int> Run(IEnumerable<string> arguments)
    {
        int[] sizes = [.. arguments.Select(a => int.Parse(a, CultureInfo.InvariantCulture))];
        foreach (var size in sizes is [] ? DefaultSizes : sizes)
        {
            var loop = new PlainPipeline(size);
            var plain = Measure("plain loop", size, loop.Step, null);
            await using var host = await PipelineHost.StartAsync(size);
            var grains = Measure("grains", size, host.Step, host.Meter);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"grains reach {grains / plain:P0} of the plain loop's observations a CPU-second"));
        }
        return 0;
    }

    /// <summary>Measures steps and prints them.</summary>
    /// <returns>Observations a second of CPU time.</returns>
    private static double Measure(string name, int services, Action step, StepMeter? meter)
    {
        WarmUp(step);
        meter?.Lags.Clear();
        GC.Collect();
        var steps = Math.Max(20, Observations / services);
        using var process = Process.GetCurrentProcess();
        var (pauses, full) = (GC.GetTotalPauseDuration(), GC.CollectionCount(2));
        var (cpu, bytes, begun) = (process.TotalProcessorTime, GC.GetTotalAllocatedBytes(true), Stopwatch.GetTimestamp());
        for (var i = 0; i < steps; i++) step();
        var wall = Stopwatch.GetElapsedTime(begun);
        process.Refresh();
        cpu = process.TotalProcessorTime - cpu;
        bytes = GC.GetTotalAllocatedBytes(true) - bytes;
        var count = (double)steps * services;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-10} {services,6} services: {count / wall.TotalSeconds,8:0} observations/s, {count / cpu.TotalSeconds,7:0} a CPU-second, {bytes / count,6:0} B an observation, "
            + $"{GC.GetTotalMemory(false) / 1024.0 / services,5:0} KiB a service, "
            + $"GC pauses {(GC.GetTotalPauseDuration() - pauses) / wall:P0} of the time ({GC.CollectionCount(2) - full} full){Lags(meter)}"));
        return count / cpu.TotalSeconds;
    }

    /// <summary>
    /// Steps until the compiler has nothing left to do: a program that runs for months is not measured by the code of its first seconds,
    /// and on one core the compiler takes its time from the very work that waits for it.
    /// </summary>
    private static void WarmUp(Action step)
    {
        var compiled = JitInfo.GetCompiledMethodCount();
        for (int i = 0, quiet = 0; i < MostWarmUpSteps && quiet < QuietSteps; i++)
        {
            step();
            var now = JitInfo.GetCompiledMethodCount();
            quiet = now == compiled ? quiet + 1 : 0;
            compiled = now;
        }
    }

    private static string Lags(StepMeter? meter)
    {
        if (meter is null) return "";
        meter.Lags.Sort();
        return string.Create(CultureInfo.InvariantCulture,
            $", step end to decision p50 {Quantile(meter.Lags, 0.5):0} ms, p99 {Quantile(meter.Lags, 0.99):0} ms (step {PolicyDocument.DefaultStep.TotalSeconds:0} s)");
    }

    private static double Quantile(List<long> sorted, double level) =>
        sorted[(int)(level * (sorted.Count - 1))] * 1000.0 / Stopwatch.Frequency;
}
