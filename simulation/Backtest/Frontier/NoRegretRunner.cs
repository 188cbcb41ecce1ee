using ControlPlane.Core.Policies;

namespace ControlPlane.Simulation.Backtest.Frontier;

/// <summary>Holds our own method against the HPA at the same target over recorded demands, open loop as the frontier is.</summary>
public static class NoRegretRunner
{
    /// <summary>Targets of the HPAs.</summary>
    public static readonly IReadOnlyList<double> Targets = [0.5, 0.7, 0.9];

    /// <summary>Runs every trace with every start-up, several at a time.</summary>
    /// <param name="traces">At least one.</param>
    /// <param name="startups">Pods' start-up times.</param>
    /// <param name="progress">Gets the share done, a fraction.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static NoRegretReport Run(
        IReadOnlyList<FrontierTrace> traces, IReadOnlyList<TimeSpan> startups, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(traces.Count);
        (FrontierTrace Trace, TimeSpan Startup)[] work = [.. traces.SelectMany(trace => startups.Select(startup => (trace, startup)))];
        var rows = new NoRegretRow[work.Length][];
        var done = 0;
        Parallel.For(0, work.Length, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            rows[i] = [.. Run(work[i].Trace, work[i].Startup, cancellationToken)];
            progress?.Report((double)Interlocked.Increment(ref done) / work.Length);
        });
        return new NoRegretReport([.. rows.SelectMany(row => row)]);
    }

    private static IEnumerable<NoRegretRow> Run(FrontierTrace trace, TimeSpan startup, CancellationToken cancellationToken)
    {
        var service = trace.ServiceWith(startup);
        foreach (var (target, forecasts, books) in new NoRegretRun(service, Targets, new PredictivePolicy().ViolationCost).Run(cancellationToken))
            yield return new NoRegretRow(
                trace.Name, startup.TotalSeconds, target, forecasts, service.StartupSteps + 1, books.OwnViolations, books.HpaViolations, books.OwnPods, books.HpaPods);
    }
}
