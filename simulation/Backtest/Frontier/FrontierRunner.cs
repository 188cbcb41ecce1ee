namespace ControlPlane.Simulation.Backtest.Frontier;

/// <summary>
/// Compares whole families of settings over recorded demands, open loop: the demand does not depend on the pods, so that the ready pods follow from the
/// pods asked for alone.
/// </summary>
public static class FrontierRunner
{
    /// <summary>Sweeps all methods over all traces and start-ups, several at a time.</summary>
    /// <param name="traces">At least one.</param>
    /// <param name="options">What is swept.</param>
    /// <param name="progress">Gets the share done, a fraction.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static FrontierReport Run(
        IReadOnlyList<FrontierTrace> traces, FrontierOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new FrontierOptions();
        ArgumentOutOfRangeException.ThrowIfZero(traces.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.PriceCount, FrontierOptions.MostPrices);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Prices.Count, options.PriceCount);
        (FrontierTrace Trace, TimeSpan Startup)[] work = [.. traces.SelectMany(trace => options.Startups.Select(startup => (trace, startup)))];
        var cells = new FrontierCell[work.Length];
        var done = 0L;
        var total = work.Sum(w => (long)w.Trace.Length);
        Parallel.For(0, work.Length, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            cells[i] = FrontierCell.Run(work[i].Trace, work[i].Startup, options, cancellationToken);
            progress?.Report((double)Interlocked.Add(ref done, work[i].Trace.Length) / total);
        });
        TraceGap[] each = [.. cells.GroupBy(cell => cell.Trace).Select(group => new TraceGap(group.Key, [.. group.SelectMany(cell => cell.Gaps)]))];
        return new FrontierReport([.. cells.SelectMany(cell => cell.Points)], Mean(cells), each);
    }

    private static GapClosedRow[] Mean(FrontierCell[] cells) =>
    [
        .. cells.SelectMany(cell => cell.Gaps).GroupBy(gap => (gap.StartupSeconds, gap.Against)).Select(group => new GapClosedRow(
            group.Key.StartupSeconds, group.Key.Against,
            group.Average(gap => gap.Value), group.Average(gap => gap.Value is null ? null : gap.Tuned), group.Average(gap => gap.Value is null ? null : gap.UnservedDemand), group.Average(gap => gap.Value is null ? null : gap.ViolationsAtPodHours),
            group.Average(gap => gap.ScalingsPerDay), group.Average(gap => gap.HpaScalingsPerDay))),
    ];
}
