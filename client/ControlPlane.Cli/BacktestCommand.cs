using System.CommandLine;
using System.Text.Json;
using ControlPlane.Cli.Frontier;
using ControlPlane.Core;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using ControlPlane.Simulation.Backtest;
using ControlPlane.Simulation.Services;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Cli;

/// <summary><c>controlplane backtest</c>: what a policy would have done on recorded demand, beside what an HPA would have done.</summary>
internal static class BacktestCommand
{
    private static readonly TimeSpan DefaultStartup = TimeSpan.FromSeconds(60);

    private static readonly Option<string[]> TraceOption = new("--trace") { Description = "Recorded demand, CSV or CSV.gz with a header line, FILE or FILE:COLUMN; with --frontier or --no-regret it may be repeated.", Required = true, HelpName = "FILE" };
    private static readonly Option<bool> Frontier = new("--frontier") { Description = "Sweep whole families of settings instead: HPAs, tuned HPAs, ours at 40 prices of a violation; start-ups of 30, 120 and 300 s." };
    private static readonly Option<double?> ChangeCost = new("--change-cost") { Description = "With --frontier: our price of a change of the replicas, pod-steps; 30 for few changes. Default: 10." };
    private static readonly Option<bool> NoRegret = new("--no-regret") { Description = "Hold ours against the HPA at the same target instead, with forecasts as they are and with useless ones; start-ups of 30, 120 and 300 s. Exit code 1: somewhere it did worse." };
    private static readonly Option<FileInfo?> Plot = new("--plot") { Description = "With --frontier: write violations against pod-hours, SVG.", HelpName = "FILE" };
    private static readonly Option<string?> Column = new("--column") { Description = "Column with the counts. Default: the first with numbers." };
    private static readonly Option<TimeSpan?> Interval = DurationOption.Make("--interval", "Recorded interval. Default: as the file's timestamps say.");
    private static readonly Option<bool> Rates = new("--rates") { Description = "The values are requests per second already, not counts per interval." };
    private static readonly Option<FileInfo?> Policy = new("--policy") { Description = "Policy, YAML or JSON. Default: bounds from the trace, CPU at 70%.", HelpName = "FILE" };
    private static readonly Option<string> Against = new("--against") { Description = $"Baselines, separated by commas: {string.Join(", ", ScalingMethods.Names)}.", DefaultValueFactory = _ => "hpa,static,oracle" };
    private static readonly Option<ulong> Seed = new("--seed") { Description = "Seed of every random choice.", DefaultValueFactory = _ => 1 };
    private static readonly Option<bool> Split = new("--split") { Description = "Split an interval's count over its steps at random by the seed, instead of holding it constant." };
    private static readonly Option<TimeSpan?> Startup = DurationOption.Make("--startup", "Time from a pod's creation to readiness. Default: 60s.");
    private static readonly Option<double?> Capacity = new("--capacity") { Description = "Requests per second of one pod at full CPU. Default: as the policy states; else the demand is scaled to a service of up to 120 pods of 50." };
    private static readonly Option<FileInfo?> Records = new("--records") { Description = "Write every decision of ours with its inputs, one JSON line each, for 'controlplane replay'.", HelpName = "FILE" };
    private static readonly Option<string> Format = new("--format") { Description = "table, json or csv.", DefaultValueFactory = _ => "table" };

    public static Command Make()
    {
        Format.AcceptOnlyFromAmong("table", "json", "csv");
        var command = new Command("backtest", "Show what a policy would have done on recorded demand, beside an HPA.")
        {
            TraceOption, Column, Interval, Rates, Policy, Against, Seed, Split, Startup, Capacity, Records, Format, Frontier, ChangeCost, NoRegret, Plot,
        };
        command.Run((parsed, cancellationToken) => Task.FromResult(Execute(parsed, cancellationToken)));
        return command;
    }

    private static int Execute(ParseResult parsed, CancellationToken cancellationToken)
    {
        var isFrontier = parsed.GetValue(Frontier);
        if (isFrontier || parsed.GetValue(NoRegret)) return ExecuteOpenLoop(parsed, isFrontier, cancellationToken);
        if (parsed.GetValue(Plot) is not null) throw new CommandException("--plot: needs --frontier");
        var policyFile = parsed.GetValue(Policy);
        var policy = policyFile is null ? null : PolicyFile.Read(policyFile);
        var (path, column) = parsed.GetValue(TraceOption) is [var one] ? TracePlace.Split(one) : throw new CommandException("--trace: several traces need --frontier or --no-regret");
        var reading = Reading(parsed);
        var trace = TraceReader.Read(path, reading with { Column = column ?? reading.Column });
        CheckStep(trace, policyFile, policy);
        var seed = parsed.GetValue(Seed);
        var load = Load(parsed, trace, policy, seed);
        var options = Options(parsed, load, policy, seed);

        using var records = RecordWriter.Open(parsed.GetValue(Records));
        var report = ProgressBar.Show("backtest", parsed.GetValue(Format) == "table", progress =>
            new BacktestRunner(TimeProvider.System).Run(trace.Name, trace.Start, load, options, records.Write, progress, cancellationToken));
        if (trace.UnknownIntervals > 0)
            Console.Error.WriteLine($"note: {trace.UnknownIntervals} of {trace.Length} intervals are not recorded; the load holds its last value there and the demand is unknown to every method");
        Print(parsed.GetValue(Format)!, report);
        return 0;
    }

    private static int ExecuteOpenLoop(ParseResult parsed, bool isFrontier, CancellationToken cancellationToken)
    {
        var name = isFrontier ? Frontier.Name : NoRegret.Name;
        Option[] others = isFrontier ? [Policy, Against, Capacity, Records, NoRegret] : [Policy, Against, Capacity, Records, Plot, ChangeCost];
        foreach (var option in others)
            if (parsed.GetResult(option) is { Implicit: false }) throw new CommandException($"{option.Name}: has no meaning with {name}");
        var splitSeed = parsed.GetValue(Split) ? parsed.GetValue(Seed) : (ulong?)null;
        var changeCost = parsed.GetValue(ChangeCost);
        if (changeCost is { } cost && !(cost is >= 0 and <= 1e4)) throw new CommandException($"{ChangeCost.Name}: {cost} is not within 0..10000");
        var request = new FrontierCommand.Request(
            parsed.GetValue(TraceOption)!, Reading(parsed), splitSeed, parsed.GetValue(Startup), parsed.GetValue(Format)!, parsed.GetValue(Plot), changeCost);
        return isFrontier ? FrontierCommand.Execute(request, cancellationToken) : NoRegretCommand.Execute(request, cancellationToken);
    }

    private static TraceOptions Reading(ParseResult parsed) => new()
    {
        Column = parsed.GetValue(Column),
        Interval = parsed.GetValue(Interval),
        ValuesAreRates = parsed.GetValue(Rates),
    };

    /// <summary>A recorded interval falls on whole steps, or whole intervals on a step.</summary>
    private static void CheckStep(Trace trace, FileInfo? policyFile, PolicyDocument? policy)
    {
        var step = policy?.Step ?? PolicyDocument.DefaultStep;
        if (step.Ticks % TimeSpan.TicksPerSecond == 0 && (trace.Interval.Ticks % step.Ticks == 0 || step.Ticks % trace.Interval.Ticks == 0)) return;
        var source = policyFile is null ? "the default policy" : policyFile.ToString();
        throw new CommandException($"{source}: step: {DurationText.Format(step)} must be whole seconds that divide the interval {DurationText.Format(trace.Interval)} of {trace.Name}, or a multiple of it");
    }

    /// <summary>The demand; of a service that nothing is known of, scaled to pods of the reference capacity.</summary>
    private static LoadSeries Load(ParseResult parsed, Trace trace, PolicyDocument? policy, ulong seed)
    {
        var options = new LoadOptions { Step = policy?.Step ?? PolicyDocument.DefaultStep, SplitSeed = parsed.GetValue(Split) ? seed : null };
        if (parsed.GetValue(Capacity) is not null || policy?.Objective.RequestsPerSecondPerReplica is not null) return LoadSeries.FromTrace(trace, options);
        var scale = ServiceSizing.Scale(LoadSeries.FromTrace(trace, options));
        return LoadSeries.FromTrace(trace, options with { Scale = scale });
    }

    private static BacktestOptions Options(ParseResult parsed, LoadSeries load, PolicyDocument? policy, ulong seed)
    {
        var against = parsed.GetValue(Against)!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (Array.Find(against, m => !ScalingMethods.Names.Contains(m)) is { } unknown)
            throw new CommandException($"--against: there is no method '{unknown}'; known: {string.Join(", ", ScalingMethods.Names)}");
        var capacity = parsed.GetValue(Capacity);
        if (capacity is <= 0 or double.NaN or double.PositiveInfinity) throw new CommandException($"--capacity: {capacity} is not above 0");
        var startup = StartupTime.Constant(parsed.GetValue(Startup) ?? DefaultStartup);
        var profile = Profile(parsed, policy ?? new PolicyDocument(), startup, capacity);
        return new BacktestOptions { Policy = policy ?? ServiceSizing.DefaultPolicy(load, profile), Profile = profile, Seed = seed, Against = against };
    }

    /// <summary>Pods that keep the policy's objective at least when they are idle.</summary>
    private static ServiceProfile Profile(ParseResult parsed, PolicyDocument policy, StartupTime startup, double? capacity)
    {
        try
        {
            var profile = ServiceSizing.Profile(policy, startup, capacity);
            profile.Validate();
            return profile;
        }
        catch (ArgumentException e)
        {
            throw new CommandException($"{parsed.GetValue(Policy)?.ToString() ?? "the default policy"}: objective: no pod can be simulated for it: {e.Message}");
        }
    }

    private static void Print(string format, BacktestReport report)
    {
        if (format == "json") Console.WriteLine(report.ToJson());
        else if (format == "csv") Console.Write(MethodTable.ToCsv(report.Methods));
        else MethodTable.Print($"{report.Trace}, step {report.StepSeconds} s, seed {report.Seed}", report.Methods);
    }

    private sealed class RecordWriter(StreamWriter? writer) : IDisposable
    {
        public static RecordWriter Open(FileInfo? file) => new(file is null ? null : new StreamWriter(file.FullName));

        public Action<DecisionRecord>? Write => writer is null ? null : record => writer.WriteLine(JsonSerializer.Serialize(record, CoreJson.Options));

        public void Dispose() => writer?.Dispose();
    }
}
