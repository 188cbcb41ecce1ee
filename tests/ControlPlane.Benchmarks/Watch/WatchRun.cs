using System.Diagnostics;
using System.Globalization;
using ControlPlane.Core.Anomalies.Health;
using ControlPlane.Core.Anomalies.Thresholds;
using ControlPlane.Core.Anomalies.Watch;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Workloads;
using ControlPlane.Simulation.Services;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Benchmarks.Watch;

/// <summary>
/// Processor time and memory that the watch over one service takes a step, beside robust z-scores of the same four signals: <c>watch</c>.
/// Time of the process, not of the clock, so that what else runs on the machine counts little; the median of rounds.
/// </summary>
internal static class WatchRun
{
    private const int Rounds = 7;
    private const int StepsInARound = 20_000;
    private static readonly TimeSpan Step = PolicyDocument.DefaultStep;
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Learnt = TimeSpan.FromDays(8);
    private static readonly WorkloadId Workload = WorkloadId.Parse("bench/shop/deployment/web");

    public static int Run()
    {
        var steps = Enumerable.Range(0, StepsInARound).Select(i => Observe(Start + Learnt + (i + 1) * Step, Step)).ToArray();
        var scores = Enumerable.Range(0, 4).Select(_ => new RobustZScore(64, 1e-3)).ToArray();
        var baseline = Measure("robust z-scores", i => Score(scores, steps[i % StepsInARound]), StepsInARound, null);
        var watch = Warm();
        var time = Start + Learnt;
        var signals = Measure("signals", i => watch.Update(steps[i % StepsInARound] with { Time = time += Step }), StepsInARound, baseline);
        foreach (var pods in (int[])[3, 8, 15, 32, 100]) Measure($"{pods} pods", Pods(pods), 2_000, baseline, signals);
        Memory();
        return 0;
    }

    private static void Score(RobustZScore[] scores, Observation o)
    {
        scores[0].Next(o.Demand!.Value);
        scores[1].Next(o.Utilization!.Value);
        scores[2].Next(o.ErrorRatio!.Value);
        scores[3].Next(o.LatencyP95Seconds!.Value);
    }

    /// <summary>A watch that has its thresholds.</summary>
    private static WorkloadWatch Warm()
    {
        var watch = new WorkloadWatch(new WatchOptions(), Step);
        var minute = TimeSpan.FromMinutes(1);
        for (var time = Start + minute; time <= Start + Learnt; time += minute) watch.Update(Observe(time, minute));
        return watch;
    }

    /// <summary>The watch over the pods of a simulated service that is healthy; readings are made outside the time that counts.</summary>
    private static Action<int> Pods(int pods)
    {
        const int Readings = 400;
        var profile = new ServiceProfile();
        var load = LoadSeries.FromRates([.. Enumerable.Range(0, Readings + 2).Select(i => pods * profile.CapacityPerPod * (0.55 + 0.05 * Math.Sin(i / 20.0)))], Step);
        var service = new SimulatedService(profile, load, 1, Start, pods) { TellsPodTraffic = true, Noise = new ReadingNoise(1) };
        var (readings, monitor, objective, time) = (new WorkloadReading[Readings], new HealthMonitor(), new ObjectivePolicy(), Start);
        for (var i = 0; i < Readings; i++)
        {
            service.AdvanceTo(Start + (i + 1) * Step);
            readings[i] = service.Read();
        }

        return i =>
        {
            var reading = readings[i % Readings];
            monitor.Update(Observe(reading.Time, Step) with { ReadyReplicas = pods, CurrentReplicas = pods }, reading, objective);
        };
    }

    private static double Measure(string name, Action<int> step, int steps, double? baseline, double besides = 0)
    {
        for (var i = 0; i < steps; i++) step(i);
        var times = new double[Rounds];
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < Rounds; round++)
        {
            var begun = Processor();
            for (var i = 0; i < steps; i++) step(i);
            times[round] = (Processor() - begun).TotalMicroseconds / steps;
        }

        bytes = (GC.GetAllocatedBytesForCurrentThread() - bytes) / ((long)Rounds * steps);
        Array.Sort(times);
        var median = times[Rounds / 2];
        var whole = besides > 0 ? string.Create(CultureInfo.InvariantCulture, $", with the signals {median + besides:0.0} µs") : "";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-16} {median,7:0.00} µs a step (fastest round {times[0]:0.00}), {bytes,6} B{(baseline is { } b ? $", {(median / b).ToString("0.0", CultureInfo.InvariantCulture)} × robust z-scores" : "")}{whole}"));
        return median;
    }

    private static void Memory()
    {
        const int Watches = 200;
        var bytes = Warm().Save();
        var before = GC.GetTotalMemory(true);
        var watches = Enumerable.Range(0, Watches).Select(_ => WorkloadWatch.Load(bytes, new WatchOptions())).ToArray();
        var each = (GC.GetTotalMemory(true) - before) / 1024.0 / Watches;
        GC.KeepAlive(watches);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"a watch over signals: {bytes.Length / 1024.0:0.0} KiB stored, {each:0.0} KiB in memory"));
    }

    private static Observation Observe(DateTimeOffset time, TimeSpan step)
    {
        var noise = (time.UtcTicks / TimeSpan.TicksPerSecond * 2654435761 % 1000 / 1000.0) - 0.5;
        var demand = 250 + 120 * Math.Sin(2 * Math.PI * time.TimeOfDay.TotalDays) + 20 * noise;
        return new Observation
        {
            Workload = Workload,
            Time = time,
            Step = step,
            Demand = demand,
            Utilization = 0.4 + demand / 1000 + 0.05 * noise,
            LatencyP95Seconds = 0.1 + demand / 4000 + 0.02 * noise,
            ErrorRatio = 0.002 * (1 + noise),
        };
    }

    private static TimeSpan Processor()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }
}
