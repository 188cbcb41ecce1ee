using System.CommandLine;
using System.Text.Json;
using ControlPlane.Simulation.Backtest;
using ControlPlane.Simulation.Faults;
using ControlPlane.Simulation.Services;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Cli.Faults;

/// <summary><c>controlplane faults</c>: how fast faults are found and healed in simulation, and what healing does to healthy services.</summary>
internal static class FaultsCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private static readonly TimeSpan LongestGap = TimeSpan.FromDays(14);
    private static readonly TimeSpan Startup = TimeSpan.FromSeconds(45);
    private const double StartupSigma = 0.3;

    private static readonly Option<int> Seeds = new("--seeds") { Description = "Seeds of each fault.", DefaultValueFactory = _ => 50, HelpName = "N" };
    private static readonly Option<string[]> Fault = new("--fault") { Description = $"Only this fault; may be repeated: {string.Join(", ", FaultScenario.All.Select(s => s.Name))}.", Arity = ArgumentArity.ZeroOrMore, HelpName = "NAME" };
    private static readonly Option<string[]> TraceOption = new("--trace") { Description = "Instead of faults: healthy days of a service with this recorded demand, CSV or CSV.gz; may be repeated.", Arity = ArgumentArity.ZeroOrMore, HelpName = "FILE" };
    private static readonly Option<int> Days = new("--days") { Description = "With --trace: days; a shorter recording starts over.", DefaultValueFactory = _ => 30, HelpName = "N" };
    private static readonly Option<ulong> Seed = new("--seed") { Description = "With --trace or --story: the seed.", DefaultValueFactory = _ => 1 };
    private static readonly Option<bool> Story = new("--story") { Description = "With --fault: tell step by step how it is healed. With --trace: tell everything that was done." };
    private static readonly Option<string> Format = new("--format") { Description = "table or json.", DefaultValueFactory = _ => "table" };

    public static Command Make()
    {
        Format.AcceptOnlyFromAmong("table", "json");
        var command = new Command("faults", "Let simulated services have faults, and show how fast they recover with healing, with liveness probes alone and with neither.")
        {
            Seeds, Fault, TraceOption, Days, Seed, Story, Format,
        };
        command.Run((parsed, cancellationToken) => Task.FromResult(Execute(parsed, cancellationToken)));
        return command;
    }

    private static int Execute(ParseResult parsed, CancellationToken cancellationToken)
    {
        var scenarios = Scenarios(parsed.GetValue(Fault) ?? []);
        if (parsed.GetValue(TraceOption) is { Length: > 0 } traces) return Healthy(parsed, traces, cancellationToken);
        if (parsed.GetValue(Story)) return Tell(parsed, scenarios);
        var seeds = parsed.GetValue(Seeds);
        if (seeds < 1) throw new CommandException($"--seeds: {seeds} is below 1");
        var rows = ProgressBar.Show("faults", IsTable(parsed), progress => FaultLab.Run(scenarios, seeds, progress, cancellationToken));
        if (IsTable(parsed)) FaultTables.Print(rows);
        else Console.WriteLine(JsonSerializer.Serialize(new { faults = rows }, Json));
        return 0;
    }

    private static int Tell(ParseResult parsed, IReadOnlyList<FaultScenario> scenarios)
    {
        if (scenarios.Count != 1) throw new CommandException("--story: name one fault, --fault NAME");
        foreach (var line in FaultStory.Tell(scenarios[0], parsed.GetValue(Seed))) Console.WriteLine(line);
        return 0;
    }

    private static int Healthy(ParseResult parsed, string[] traces, CancellationToken cancellationToken)
    {
        var days = parsed.GetValue(Days);
        if (days < 1) throw new CommandException($"--days: {days} is below 1");
        var rows = new HealthyRow[traces.Length];
        ProgressBar.Show("healthy days", IsTable(parsed), progress =>
        {
            var shares = new double[traces.Length];
            Parallel.For(0, traces.Length, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
            {
                void Report(double share)
                {
                    shares[i] = share;
                    progress?.Report(shares.Average());
                }

                rows[i] = Healthy(traces[i], TimeSpan.FromDays(days), parsed.GetValue(Seed), Report, cancellationToken);
                Report(1);
            });
            return rows.Length;
        });
        if (IsTable(parsed)) FaultTables.Print(rows);
        else Console.WriteLine(JsonSerializer.Serialize(new { healthy = rows }, Json));
        if (IsTable(parsed) && parsed.GetValue(Story))
            foreach (var row in rows)
                foreach (var line in row.Story) Console.WriteLine($"{row.Trace} {line}");
        return 0;
    }

    /// <summary>A trace as the demand of a service of pods of the reference capacity, as a backtest sizes it.</summary>
    private static HealthyRow Healthy(string path, TimeSpan duration, ulong seed, Action<double> report, CancellationToken cancellationToken)
    {
        var trace = TraceReader.Read(path, new TraceOptions { MaxGap = LongestGap });
        var options = new LoadOptions { Duration = duration, Wrap = true, SplitSeed = seed };
        if (trace.Interval.Ticks % options.Step.Ticks != 0 && options.Step.Ticks % trace.Interval.Ticks != 0)
            throw new CommandException($"--trace: the interval {trace.Interval} of {path} and the step {options.Step} do not fit");
        var load = LoadSeries.FromTrace(trace, options with { Scale = ServiceSizing.Scale(LoadSeries.FromTrace(trace, options)) });
        var profile = new ServiceProfile { Startup = StartupTime.LogNormal(Startup, StartupSigma) };
        return HealthyRun.Run(trace.Name, load, trace.Start, profile, ServiceSizing.DefaultPolicy(load, profile), seed, report, cancellationToken);
    }

    private static IReadOnlyList<FaultScenario> Scenarios(string[] names)
    {
        if (names.Length == 0) return FaultScenario.All;
        return [.. names.Select(name => FaultScenario.All.FirstOrDefault(s => s.Name == name) ?? throw new CommandException($"--fault: there is no fault '{name}'; known: {string.Join(", ", FaultScenario.All.Select(s => s.Name))}"))];
    }

    private static bool IsTable(ParseResult parsed) => parsed.GetValue(Format) == "table";
}
