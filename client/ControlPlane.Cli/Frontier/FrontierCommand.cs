using ControlPlane.Core.Policies;
using ControlPlane.Simulation.Backtest.Frontier;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Cli.Frontier;

/// <summary><c>controlplane backtest --frontier</c>: whole families of settings against each other, over one or many recorded demands.</summary>
internal static class FrontierCommand
{
    /// <summary>What the command line asks for.</summary>
    /// <param name="Places">Traces, <c>FILE</c>, <c>FILE:COLUMN</c> or <c>shape:NAME</c>.</param>
    /// <param name="Trace">How they are read; the column comes from the place.</param>
    /// <param name="Seed">Seed of every random choice.</param>
    /// <param name="IsSplit">Whether an interval's count is split at random, instead of being held constant.</param>
    /// <param name="Startup">The one start-up; null: 30, 120 and 300 s.</param>
    /// <param name="Format">table, json or csv.</param>
    /// <param name="Plot">Where the plot is written; null: nowhere.</param>
    /// <param name="ChangeCost">Price of a change of the replicas, pod-steps; null: the usual one.</param>
    internal sealed record Request(string[] Places, TraceOptions Trace, ulong Seed, bool IsSplit, TimeSpan? Startup, string Format, FileInfo? Plot, double? ChangeCost);

    public static int Execute(Request request, CancellationToken cancellationToken)
    {
        FrontierTrace[] traces = [.. request.Places.Select(place => Read(place, request))];
        var options = new FrontierOptions();
        if (request.ChangeCost is { } changeCost) options = options with { ChangeCost = changeCost };
        if (request.Startup is { } startup) options = options with { Startups = [startup] };
        var report = ProgressBar.Show("frontier", request.Format == "table", progress => FrontierRunner.Run(traces, options, progress, cancellationToken));
        if (request.Plot is { } plot) File.WriteAllText(plot.FullName, ParetoPlot.Draw(report));
        if (request.Format == "json") Console.WriteLine(report.ToJson());
        else if (request.Format == "csv") Console.Write(FrontierTable.ToCsv(report));
        else FrontierTable.Print(report);
        return 0;
    }

    /// <summary>Reads one of the request's traces.</summary>
    internal static FrontierTrace Read(string place, Request request)
    {
        var (trace, column) = TracePlace.Read(place, request.Trace, request.Seed);
        var options = new LoadOptions { SplitSeed = request.IsSplit ? request.Seed : null };
        if (trace.Interval.Ticks % options.Step.Ticks != 0)
            throw new CommandException($"--trace: the interval {DurationText.Format(trace.Interval)} of {trace.Name} is not a multiple of {DurationText.Format(options.Step)}");
        try
        {
            return new FrontierTrace(column is null ? trace.Name : $"{trace.Name}:{column}", LoadSeries.FromTrace(trace, options));
        }
        catch (ArgumentException e)
        {
            throw new CommandException($"--trace: {e.Message}");
        }
    }
}
