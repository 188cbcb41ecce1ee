using System.Diagnostics;
using System.Globalization;
using ControlPlane.Core.Policies;

namespace ControlPlane.Benchmarks.Pipeline;

/// <summary>A measured run of fleets of several sizes, and the plain loop beside it: <c>pipeline [services...]</c>.</summary>
internal static class PipelineRun
{
    private const int WarmUpSteps = 20;
    private const int Observations = 400_000;
    private static readonly int[] DefaultSizes = [1_000, 10_000];

    public static async Task<int> Run(IEnumerable<string> arguments)
    {
        int[] sizes = [.. arguments.Select(a => int.Parse(a, CultureInfo.InvariantCulture))];
        foreach (var size in sizes is [] ? DefaultSizes : sizes)
        {
            var loop = new PlainPipeline(size);
            Measure("plain loop", size, loop.Step, null);
            await using var host = await PipelineHost.StartAsync(size);
            Measure("grains", size, host.Step, host.Meter);
        }
        return 0;
    }

    private static void Measure(string name, int services, Action step, StepMeter? meter)
    {
        for (var i = 0; i < WarmUpSteps; i++) step();
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
            $"{name,-10} {services,6} services: {count / wall.TotalSeconds,8:0} observations/s, {count / cpu.TotalSeconds,7:0} a second and core, {bytes / count,6:0} B an observation, "
            + $"{GC.GetTotalMemory(false) / 1024.0 / services,5:0} KiB a service, "
            + $"GC pauses {(GC.GetTotalPauseDuration() - pauses) / wall:P0} of the time ({GC.CollectionCount(2) - full} full){Lags(meter)}"));
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
