using ControlPlane.Core.Metrics;
using ControlPlane.Core.Scaling;
using ControlPlane.Simulation.Services;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Simulation.Backtest;

/// <summary>Runs methods beside each other, each over a simulated service of its own under the same load.</summary>
/// <param name="time">Measures how long a run takes.</param>
public sealed class BacktestRunner(TimeProvider time)
{
    private const int ProgressEvery = 4096;

    /// <summary>Runs our own method and the baselines.</summary>
    /// <param name="trace">Name of the trace in the report.</param>
    /// <param name="start">Time of the first tick's start, UTC, on the step grid.</param>
    /// <param name="load">The demand.</param>
    /// <param name="options">Policy, service, seed and baselines.</param>
    /// <param name="onRecord">Gets the record of each of our own decisions; null when nobody wants them.</param>
    /// <param name="progress">Gets the share done, a fraction.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="ArgumentException">A baseline is unknown, or profile, load and policy do not fit.</exception>
    public BacktestReport Run(
        string trace, DateTimeOffset start, LoadSeries load, BacktestOptions options, Action<DecisionRecord>? onRecord = null,
        IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        var only = new BacktestCase { Trace = trace, Start = start, Load = load, Options = options };
        return RunAll([only], plotParts: 0, onRecord, progress, cancellationToken)[0].Report;
    }

    /// <summary>Runs every method of every case, as many at once as there are processors.</summary>
    /// <param name="cases">The cases.</param>
    /// <param name="plotParts">Parts of time for which what happened is kept; 0: not at all.</param>
    /// <param name="onRecord">Gets the record of each of our own decisions of the first case; null when nobody wants them.</param>
    /// <param name="progress">Gets the share done, a fraction.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="ArgumentException">A baseline is unknown, or profile, load and policy do not fit.</exception>
    public IReadOnlyList<BacktestResult> RunAll(
        IReadOnlyList<BacktestCase> cases, int plotParts = 0, Action<DecisionRecord>? onRecord = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        var jobs = cases.SelectMany((c, i) => Methods(c.Options).Select((name, j) => (Case: i, Place: j, Name: name))).ToArray();
        var runs = cases.Select(c => new MethodRun[Methods(c.Options).Length]).ToArray();
        var shares = new double[jobs.Length];
        // One by one: a range for each processor would leave one of them with all the long runs.
        var partitioner = System.Collections.Concurrent.Partitioner.Create(Enumerable.Range(0, jobs.Length), System.Collections.Concurrent.EnumerablePartitionerOptions.NoBuffering);
        Parallel.ForEach(partitioner, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            void Report(double share)
            {
                shares[i] = share;
                progress?.Report(shares.Average());
            }

            var job = jobs[i];
            var one = cases[job.Case];
            var take = job is { Case: 0, Place: 0 } ? onRecord : null;
            runs[job.Case][job.Place] = RunMethod(service => ScalingMethods.Make(job.Name, one.Options, service), one.Start, one.Load, one.Options, take, Report, cancellationToken, plotParts);
            Report(1);
        });
        return [.. cases.Select((c, i) => Result(c, runs[i]))];
    }

    private static string[] Methods(BacktestOptions options) => [BacktestOptions.Own, .. options.Against.Where(m => m != BacktestOptions.Own).Distinct()];

    private static BacktestResult Result(BacktestCase one, MethodRun[] runs)
    {
        var options = one.Options;
        var report = new BacktestReport { Trace = one.Trace, Seed = options.Seed, StepSeconds = one.Load.Step.TotalSeconds, Policy = options.Policy, Methods = [.. runs.Select(r => r.Report)] };
        return new BacktestResult(one, report, [.. runs.Select(r => r.Series)]);
    }

    /// <summary>Runs one method over the whole load.</summary>
    public MethodRun RunMethod(
        Func<SimulatedService, IScalingMethod> make, DateTimeOffset start, LoadSeries load, BacktestOptions options, Action<DecisionRecord>? onRecord = null, Action<double>? progress = null,
        CancellationToken cancellationToken = default, int plotParts = 0)
    {
        var began = time.GetTimestamp();
        var service = new SimulatedService(options.Profile, load, options.Seed, start, InitialReplicas(options, load))
        {
            // Half of what a step reads, if anyone looks at it.
            TellsPodMemory = options.Policy.Reactive.Metrics.Any(m => m.Metric == SignalNames.Memory),
        };
        var method = make(service);
        RunSeriesRecorder[] series = plotParts > 0 ? [.. PlotWindows.Of(load).Select(w => new RunSeriesRecorder(start.ToUniversalTime(), load.Step, w.From, w.Ticks, plotParts))] : [];
        for (var tick = 0; tick < load.Length; tick++)
        {
            service.AdvanceTo(service.Time + load.Step);
            if (method.Decide(service) is { } replicas) service.Scale(replicas);
            foreach (var recorder in series) recorder.Add(service, method.Record);
            if (onRecord is not null && method.Record is { } record) onRecord(record);
            if (tick % ProgressEvery != 0) continue;
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Invoke((double)tick / load.Length);
        }
        return new MethodRun(MethodReport.From(method.Name, service.Outcome, time.GetElapsedTime(began)), service.Outcome) { Series = [.. series.Select(r => r.ToSeries())] };
    }

    /// <summary>Replicas that the first tick needs; every method starts with them.</summary>
    public static int InitialReplicas(BacktestOptions options, LoadSeries load)
    {
        var probe = new SimulatedService(options.Profile, load, options.Seed, DateTimeOffset.UnixEpoch, 1);
        return Math.Clamp(probe.RequiredReplicas(load.DemandAt(0)), options.Policy.MinReplicas, options.Policy.MaxReplicas);
    }
}
