using System.CommandLine;
using System.Globalization;
using ControlPlane.Cli.Backtests;
using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Core.Learning;
using ControlPlane.Simulation.Backtest;
using ControlPlane.Simulation.Learning;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Cli.Training;

/// <summary><c>controlplane train adviser</c>: trains an adviser in the simulator and tells how its kind does on demands that it has not seen.</summary>
internal static class AdviserCommand
{
    private const string Table = "table";
    private const string Dqn = "dqn";
    private const int MostCourses = 100;
    private const int MostDays = 400;
    private static readonly TimeSpan DefaultStartup = TimeSpan.FromSeconds(60);

    private static readonly Option<string[]> TraceOption = new("--trace") { Description = "Recorded demand, CSV or CSV.gz with a header line, FILE or FILE:COLUMN; at least two, four for a verdict.", HelpName = "FILE", Required = true };
    private static readonly Option<bool> Rates = new("--rates") { Description = "The values are requests per second already, not counts per interval." };
    private static readonly Option<FileInfo?> Policy = new("--policy") { Description = "Policy whose prices are learnt for, YAML or JSON. Default: bounds from the trace, CPU at 70%.", HelpName = "FILE" };
    private static readonly Option<string> Kind = new("--kind") { Description = "table: Q-learning over a table. dqn: a network.", DefaultValueFactory = _ => Table };
    private static readonly Option<int> Seeds = new("--seeds") { Description = "Courses of random moves over each trace, each with a seed of its own.", DefaultValueFactory = _ => 6 };
    private static readonly Option<ulong> Seed = new("--seed") { Description = "Seed from which all others follow.", DefaultValueFactory = _ => 1 };
    private static readonly Option<int> Days = new("--days") { Description = "Longest part of a trace that is used, days.", DefaultValueFactory = _ => 14 };
    private static readonly Option<TimeSpan?> Startup = DurationOption.Make("--startup", "Time from a pod's creation to readiness. Default: 60s.");
    private static readonly Option<string> ModelVersion = new("--model-version") { Description = "Version of the adviser, major.minor.patch.", DefaultValueFactory = _ => "1.0.0" };
    private static readonly Option<FileInfo> Out = new("--out") { Description = "File of the adviser.", HelpName = "FILE", Required = true };

    public static Command Make()
    {
        Kind.AcceptOnlyFromAmong(Table, Dqn);
        var command = new Command("adviser", "Train an adviser that moves the price of a violation, and judge it on traces that were left out.")
        {
            TraceOption, Rates, Policy, Kind, Seeds, Seed, Days, Startup, ModelVersion, Out,
        };
        command.Run((parsed, cancellationToken) => Task.FromResult(Execute(parsed, cancellationToken)));
        return command;
    }

    private static int Execute(ParseResult parsed, CancellationToken cancellationToken)
    {
        var file = parsed.GetValue(Out)!;
        if (file.Directory is { Exists: false } folder) throw new CommandException($"there is no folder {folder}");
        var options = Options(parsed);
        var cases = Cases(parsed);
        var result = ProgressBar.Show("training", true, progress => Train(cases, options, progress, cancellationToken));
        File.WriteAllBytes(file.FullName, result.Artifact.Save());
        AdviserTable.Print(result);
        var size = string.Create(CultureInfo.InvariantCulture, $"{file}: {result.Artifact.Id}, {result.Artifact.Payload.Length:#,0} bytes of {(options.Id.Name == AdviserKinds.Table ? "table" : "networks")}");
        Console.WriteLine($"{size}; {AdviserTable.Verdict(result)}");
        return 0;
    }

    private static AdviserTrainingOptions Options(ParseResult parsed)
    {
        var courses = parsed.GetValue(Seeds);
        if (courses is < 1 or > MostCourses) throw new CommandException($"{Seeds.Name}: {courses} is not within 1..{MostCourses}");
        var name = parsed.GetValue(Kind) == Table ? AdviserKinds.Table : AdviserKinds.Dqn;
        if (!ModelId.TryParse($"{name}/{parsed.GetValue(ModelVersion)}", out var id)) throw new CommandException($"{ModelVersion.Name}: '{parsed.GetValue(ModelVersion)}' is not major.minor.patch");
        return new AdviserTrainingOptions { Id = id, Courses = courses, Learning = new LearningOptions { Seed = parsed.GetValue(Seed) } };
    }

    private static IReadOnlyList<BacktestCase> Cases(ParseResult parsed)
    {
        var days = parsed.GetValue(Days);
        if (days is < 1 or > MostDays) throw new CommandException($"{Days.Name}: {days} is not within 1..{MostDays}");
        FileInfo[] policies = parsed.GetValue(Policy) is { } policy ? [policy] : [];
        var request = new BacktestRequest(
            parsed.GetValue(TraceOption)!, new TraceOptions { ValuesAreRates = parsed.GetValue(Rates) }, policies, [], parsed.GetValue(Seed), IsSplit: false,
            parsed.GetValue(Startup) ?? DefaultStartup, Capacity: null);
        var cases = BacktestCases.Make(request, note => Console.Error.WriteLine($"note: {note}"));
        return [.. cases.Select(one => one with { Load = one.Load.First((int)Math.Min(one.Load.Length, TimeSpan.FromDays(days) / one.Load.Step)) })];
    }

    private static AdviserTrainingResult Train(IReadOnlyList<BacktestCase> cases, AdviserTrainingOptions options, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        try
        {
            return new AdviserTrainer(TimeProvider.System).Train(cases, options, progress, cancellationToken);
        }
        catch (ArgumentException e)
        {
            throw new CommandException($"{TraceOption.Name}: {e.Message}");
        }
        catch (AggregateException e) when (e.InnerException is ArgumentException inner)
        {
            throw new CommandException($"{TraceOption.Name}: {inner.Message}");
        }
    }
}
