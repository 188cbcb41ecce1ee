using System.CommandLine;
using System.Text.Json;
using ControlPlane.Cli.Frontier;
using ControlPlane.Core;
using ControlPlane.Core.Scaling;
using ControlPlane.Simulation.Backtest;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Cli.Backtests;

/// <summary><c>controlplane backtest</c>: what a policy would have done on recorded demand, beside what an HPA would have done.</summary>
internal static class BacktestCommand
{
    private const string All = "all";
    private const int PlotParts = 900;

    private static readonly TimeSpan DefaultStartup = TimeSpan.FromSeconds(60);

    private static readonly Option<string[]> TraceOption = new("--trace") { Description = $"Recorded demand, CSV or CSV.gz with a header line, FILE or FILE:COLUMN; or made demand, {string.Join(' ', DemandShapes.Names.Select(n => DemandShapes.Prefix + n))}; may be repeated.", Required = true, HelpName = "FILE" };
    private static readonly Option<bool> Frontier = new("--frontier") { Description = "Sweep whole families of settings instead: HPAs, tuned HPAs, ours at 40 prices of a violation; start-ups of 30, 120 and 300 s." };
    private static readonly Option<double?> ChangeCost = new("--change-cost") { Description = "With --frontier: our price of a change of the replicas, pod-steps; 30 for few changes. Default: 10." };
    private static readonly Option<bool> NoRegret = new("--no-regret") { Description = "Hold ours against the HPA at the same target instead, with forecasts as they are and with useless ones; start-ups of 30, 120 and 300 s. Exit code 1: somewhere it did worse." };
    private static readonly Option<FileInfo?> Plot = new("--plot") { Description = "With --frontier: write violations against pod-hours, SVG.", HelpName = "FILE" };
    private static readonly Option<string?> Column = new("--column") { Description = "Column with the counts. Default: the first with numbers." };
    private static readonly Option<TimeSpan?> Interval = DurationOption.Make("--interval", "Recorded interval. Default: as the file's timestamps say.");
    private static readonly Option<bool> Rates = new("--rates") { Description = "The values are requests per second already, not counts per interval." };
    private static readonly Option<FileInfo[]> Policy = new("--policy") { Description = "Policy, YAML or JSON; may be repeated to compare policies side by side. Default: bounds from the trace, CPU at 70%.", HelpName = "FILE" };
    private static readonly Option<string> Against = new("--against") { Description = $"Baselines, separated by commas: {string.Join(", ", ScalingMethods.Names)}.", DefaultValueFactory = _ => "hpa,static,oracle" };
    private static readonly Option<string[]> Method = new("--method") { Description = $"A baseline more than those of --against, or '{All}'; may be repeated.", HelpName = "NAME" };
    private static readonly Option<FileInfo?> ReportFile = new("--report") { Description = "Write one HTML file with tables and plots that opens without a network.", HelpName = "FILE" };
    private static readonly Option<ulong> Seed = new("--seed") { Description = "Seed of every random choice.", DefaultValueFactory = _ => 1 };
    private static readonly Option<bool> Split = new("--split") { Description = "Split an interval's count over its steps at random by the seed, instead of holding it constant." };
    private static readonly Option<TimeSpan?> Startup = DurationOption.Make("--startup", "Time from a pod's creation to readiness. Default: 60s.");
    private static readonly Option<double?> Capacity = new("--capacity") { Description = "Requests per second of one pod at full CPU. Default: as the policy states; else the demand is scaled to a service of up to 120 pods of 50." };
    private static readonly Option<FileInfo?> Adviser = new("--adviser") { Description = "Adviser of 'controlplane train adviser' beside our method; it acts where it has proved itself, unless the policy says Shadow.", HelpName = "FILE" };
    private static readonly Option<FileInfo?> Records = new("--records") { Description = "Write every decision of ours with its inputs, one JSON line each, for 'controlplane replay'.", HelpName = "FILE" };
    private static readonly Option<string> Format = new("--format") { Description = "table, json or csv.", DefaultValueFactory = _ => "table" };

    public static Command Make()
    {
        Format.AcceptOnlyFromAmong("table", "json", "csv");
        var command = new Command("backtest", "Show what a policy would have done on recorded demand, beside an HPA.")
        {
            TraceOption, Column, Interval, Rates, Policy, Against, Method, ReportFile, Seed, Split, Startup, Capacity, Adviser, Records, Format, Frontier, ChangeCost, NoRegret, Plot,
        };
        command.Run((parsed, cancellationToken) => Task.FromResult(Execute(parsed, cancellationToken)));
        return command;
    }

    private static int Execute(ParseResult parsed, CancellationToken cancellationToken)
    {
        var isFrontier = parsed.GetValue(Frontier);
        if (isFrontier || parsed.GetValue(NoRegret)) return ExecuteOpenLoop(parsed, isFrontier, cancellationToken);
        if (parsed.GetValue(Plot) is not null) throw new CommandException("--plot: needs --frontier");
        var request = Request(parsed);
        var cases = BacktestCases.Make(request, note => Console.Error.WriteLine($"note: {note}"));
        var recordFile = parsed.GetValue(Records);
        if (recordFile is not null && cases.Count > 1) throw new CommandException($"{Records.Name}: takes one trace and one policy");
        var reportFile = parsed.GetValue(ReportFile);
        if (reportFile?.Directory is { Exists: false } folder) throw new CommandException($"{ReportFile.Name}: there is no folder {folder}");

        using var records = RecordWriter.Open(recordFile);
        var results = ProgressBar.Show("backtest", parsed.GetValue(Format) == "table", progress =>
            new BacktestRunner(TimeProvider.System).RunAll(cases, reportFile is null ? 0 : PlotParts, records.Write, progress, cancellationToken));
        if (reportFile is not null) File.WriteAllText(reportFile.FullName, BacktestPage.Write(results));
        Print(parsed.GetValue(Format)!, results);
        return 0;
    }

    private static BacktestRequest Request(ParseResult parsed)
    {
        var capacity = parsed.GetValue(Capacity);
        if (capacity is <= 0 or double.NaN or double.PositiveInfinity) throw new CommandException($"--capacity: {capacity} is not above 0");
        return new BacktestRequest(
            parsed.GetValue(TraceOption)!, Reading(parsed), parsed.GetValue(Policy) ?? [], Baselines(parsed), parsed.GetValue(Seed), parsed.GetValue(Split),
            parsed.GetValue(Startup) ?? DefaultStartup, capacity, parsed.GetValue(Adviser) is { } adviser ? AdviserFile.Read(adviser) : null);
    }

    private static string[] Baselines(ParseResult parsed)
    {
        var against = Names(Against.Name, parsed.GetValue(Against)!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        var more = (parsed.GetValue(Method) ?? []).SelectMany(m => m.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToArray();
        if (more.Contains(All)) return [.. ScalingMethods.Names];
        var chosen = against.Concat(Names(Method.Name, more)).ToHashSet();
        return [.. ScalingMethods.Names.Where(chosen.Contains)];
    }

    private static string[] Names(string option, string[] names) =>
        Array.Find(names, m => m != BacktestOptions.Own && !ScalingMethods.Names.Contains(m)) is { } unknown
            ? throw new CommandException($"{option}: there is no method '{unknown}'; known: {string.Join(", ", ScalingMethods.Names)}")
            : names;

    private static int ExecuteOpenLoop(ParseResult parsed, bool isFrontier, CancellationToken cancellationToken)
    {
        var name = isFrontier ? Frontier.Name : NoRegret.Name;
        Option[] others = isFrontier ? [Policy, Against, Method, ReportFile, Capacity, Adviser, Records, NoRegret] : [Policy, Against, Method, ReportFile, Capacity, Adviser, Records, Plot, ChangeCost];
        foreach (var option in others)
            if (parsed.GetResult(option) is { Implicit: false }) throw new CommandException($"{option.Name}: has no meaning with {name}");
        var changeCost = parsed.GetValue(ChangeCost);
        if (changeCost is { } cost && !(cost is >= 0 and <= 1e4)) throw new CommandException($"{ChangeCost.Name}: {cost} is not within 0..10000");
        var request = new FrontierCommand.Request(
            parsed.GetValue(TraceOption)!, Reading(parsed), parsed.GetValue(Seed), parsed.GetValue(Split), parsed.GetValue(Startup), parsed.GetValue(Format)!, parsed.GetValue(Plot), changeCost);
        return isFrontier ? FrontierCommand.Execute(request, cancellationToken) : NoRegretCommand.Execute(request, cancellationToken);
    }

    private static TraceOptions Reading(ParseResult parsed) => new()
    {
        Column = parsed.GetValue(Column),
        Interval = parsed.GetValue(Interval),
        ValuesAreRates = parsed.GetValue(Rates),
    };

    private static void Print(string format, IReadOnlyList<BacktestResult> results)
    {
        if (results.Count == 1) PrintOne(format, results[0].Report);
        else if (format == "json") Console.WriteLine(BacktestReport.ToJson(results));
        else if (format == "csv") Console.Write(MethodTable.ToCsv(results));
        else MethodTable.Print(results);
    }

    private static void PrintOne(string format, BacktestReport report)
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
