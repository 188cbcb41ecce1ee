using System.CommandLine;
using ControlPlane.Cli.Training;
using ControlPlane.Core.Forecasting.Network;
using ControlPlane.Core.Forecasting.Panels;
using ControlPlane.Core.Forecasting.Scoring;

namespace ControlPlane.Cli.Scoring;

/// <summary><c>controlplane score</c>: how well the models forecast, measured so that anyone can repeat it.</summary>
internal static class ScoreCommand
{
    private const int PlottedSeries = 8;
    private static readonly TimeSpan DefaultHorizon = TimeSpan.FromHours(1);

    private static readonly Option<string[]> M4 = new("--m4") { Description = "Hourly series to learn from and what came after each: CSV or CSV.gz with the columns series, step, value, or as M4 published them.", HelpName = "TRAIN TEST", Arity = new ArgumentArity(2, 2), AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string[]> TraceOption = new("--trace") { Description = "Recorded demand, CSV or CSV.gz with a header line, FILE or FILE:COLUMN; may be repeated.", HelpName = "FILE", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<TimeSpan?> Step = DurationOption.Make("--step", "With --trace: length of a step, a multiple of the recorded interval. Default: the interval.");
    private static readonly Option<TimeSpan?> Horizon = DurationOption.Make("--horizon", "With --trace: how far ahead is scored. Default: 1h.");
    private static readonly Option<int?> TrainDays = new("--train-days") { Description = "With --trace: days to learn from before the first forecast is scored. Default: 3 hours.", HelpName = "N" };
    private static readonly Option<int?> LeaveOut = new("--leave-out") { Description = "With several --trace: train the ensemble's networks N times, and score each trace with networks that have not seen it. Default: the networks of the program.", HelpName = "N" };
    private static readonly Option<string[]> Besides = new("--besides") { Description = "With --leave-out: recorded demand to learn from besides, unless its name begins with that of the trace that is left out; may be repeated.", HelpName = "FILE" };
    private static readonly Option<string[]> Model = new("--model") { Description = "Model; may be repeated. Default: all.", HelpName = "NAME" };
    private static readonly Option<ulong> Seed = new("--seed") { Description = "With --m4: seed of every network.", DefaultValueFactory = _ => 1 };
    private static readonly Option<string> Format = new("--format") { Description = "table or json.", DefaultValueFactory = _ => "table" };
    private static readonly Option<FileInfo?> Plot = new("--plot") { Description = "Write forecasts as fans, SVG.", HelpName = "FILE" };

    public static Command Make()
    {
        Format.AcceptOnlyFromAmong("table", "json");
        var forecast = new Command("forecast", "Score forecasts on recorded data.") { M4, TraceOption, Step, Horizon, TrainDays, LeaveOut, Besides, Model, Seed, Format, Plot };
        forecast.Run((parsed, cancellationToken) => Task.FromResult(Execute(parsed, cancellationToken)));
        return new Command("score", "Measure models on recorded data.") { forecast, AnomalyCommand.Make() };
    }

    private static int Execute(ParseResult parsed, CancellationToken cancellationToken) => (parsed.GetValue(M4), parsed.GetValue(TraceOption)) switch
    {
        ([var train, var test], [] or null) => ScorePanel(parsed, train, test, cancellationToken),
        ([] or null, { Length: > 0 } traces) => ScoreTraces(parsed, traces, cancellationToken),
        _ => throw new CommandException("score forecast: name the data, either --m4 TRAIN TEST or --trace FILE"),
    };

    private static int ScorePanel(ParseResult parsed, string train, string test, CancellationToken cancellationToken)
    {
        var models = Chosen(parsed, PanelForecaster.Models);
        var scoring = PanelScoring.Read(train, test);
        var forecasts = ProgressBar.Show("forecasts", IsTable(parsed), progress => scoring.Forecast(models, parsed.GetValue(Seed), progress, cancellationToken));
        Print(parsed, $"{scoring.Scored} of {scoring.Count} series, {scoring.Actual[0].Length} steps ahead", ScoreReport.Of([.. forecasts.Select(scoring.Score)]));
        var shown = Math.Min(PlottedSeries, scoring.Scored);
        Draw(parsed, $"{forecasts[^1].Model}: forecasts of hourly series", () => [.. Enumerable.Range(0, shown).Select(i => scoring.Fan(forecasts[^1], i * scoring.Scored / shown))], ["95% interval"]);
        return 0;
    }

    private static int ScoreTraces(ParseResult parsed, string[] places, CancellationToken cancellationToken)
    {
        // What everything is measured against is always there.
        string[] models = [.. ((string[])[TraceScore.SeasonalNaive, TraceScore.HoltWintersStar]).Union(Chosen(parsed, TraceScore.ModelNames))];
        if (parsed.GetValue(TrainDays) is < 0 and var days) throw new CommandException($"--train-days: {days} is below 0");
        var horizon = parsed.GetValue(Horizon) ?? DefaultHorizon;
        TraceSource[] traces = [.. places.Select(place => TraceSource.Read(place, parsed.GetValue(Step)))];
        if (Array.Find(traces, t => t.Step > horizon) is { } coarse) throw new CommandException($"--horizon: {horizon} is shorter than a step of {coarse.Name}, {coarse.Step}");
        var options = new TraceScoreOptions { Step = traces[0].Step, Horizon = horizon, TrainDays = parsed.GetValue(TrainDays), Models = [.. models] };
        var networks = Networks(parsed, places, cancellationToken);
        var scores = ProgressBar.Show("forecasts", IsTable(parsed), progress => TraceScoring.Run(traces, options, networks, progress, cancellationToken));
        var each = scores.Length == 1 ? null : scores.Select(s => new TraceReport(s.Trace, s.Models)).ToArray();
        Print(parsed, scores.Length == 1 ? scores[0].Trace : $"mean of {scores.Length} traces", ScoreReport.Of(TraceScores.Mean(scores), each));
        Draw(parsed, $"{traces[0].Name}: forecasts of the ensemble", () => TraceScoring.Fans(traces[0], horizon, networks?[0]), ["95% interval", "50% interval"]);
        return 0;
    }

    /// <summary>By trace the networks that were trained without it, on the recordings as they are; null: those of the program.</summary>
    private static IReadOnlyList<CorrectionWeights>? Networks(ParseResult parsed, string[] places, CancellationToken cancellationToken)
    {
        var others = parsed.GetValue(Besides) ?? [];
        if (parsed.GetValue(LeaveOut) is not { } folds) return others.Length == 0 ? null : throw new CommandException("--besides: it says what to learn from and wants --leave-out");
        if (folds < 2 || folds > places.Length) throw new CommandException($"--leave-out: {folds} parts of {places.Length} traces: there must be at least 2 parts and as many traces");
        TrainingTrace[] traces = [.. places.Select(place => TraceSource.Read(place, null).ToTraining())];
        TrainingTrace[] besides = [.. others.Select(place => InGroup(TraceSource.Read(place, null).ToTraining(), traces))];
        var options = new NetworkTrainingOptions();
        return ProgressBar.Show("training", IsTable(parsed), progress => NetworkFolds.Train(traces, folds, besides, options, NetworkProgress.Of(options, folds, progress), cancellationToken));
    }

    /// <summary>A trace belongs to the scored one that its name begins with.</summary>
    private static TrainingTrace InGroup(TrainingTrace trace, TrainingTrace[] scored) =>
        trace with { Group = Array.Find(scored, s => trace.Name.StartsWith(s.Name, StringComparison.Ordinal))?.Group ?? trace.Group };

    private static string[] Chosen(ParseResult parsed, IReadOnlyList<string> known)
    {
        var asked = parsed.GetValue(Model) ?? [];
        if (Array.Find(asked, m => !known.Contains(m)) is { } unknown)
            throw new CommandException($"--model: there is no model '{unknown}'; known: {string.Join(", ", known)}");
        return asked.Length == 0 ? [.. known] : asked;
    }

    private static bool IsTable(ParseResult parsed) => parsed.GetValue(Format) == "table";

    private static void Print(ParseResult parsed, string title, ScoreReport report)
    {
        if (IsTable(parsed)) ScoreTable.Print(title, report);
        else Console.WriteLine(report.ToJson());
    }

    private static void Draw(ParseResult parsed, string title, Func<IReadOnlyList<FanPanel>> panels, string[] bands)
    {
        if (parsed.GetValue(Plot) is { } plot) File.WriteAllText(plot.FullName, FanPlot.Draw(title, panels(), bands));
    }
}
