using System.CommandLine;
using ControlPlane.Core.Forecasting.Panels;

namespace ControlPlane.Cli.Scoring;

/// <summary><c>controlplane score forecast</c>: how well the models forecast, measured so that anyone can repeat it.</summary>
internal static class ScoreCommand
{
    private const int PlottedSeries = 8;

    private static readonly Option<string[]> M4 = new("--m4") { Description = "Hourly series to learn from and what came after each: CSV or CSV.gz with the columns series, step, value, or as M4 published them.", HelpName = "TRAIN TEST", Arity = new ArgumentArity(2, 2), AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string[]> Model = new("--model") { Description = $"Model; may be repeated. Default: all. {string.Join(", ", PanelForecaster.Models)}." };
    private static readonly Option<ulong> Seed = new("--seed") { Description = "Seed of every network.", DefaultValueFactory = _ => 1 };
    private static readonly Option<string> Format = new("--format") { Description = "table or json.", DefaultValueFactory = _ => "table" };
    private static readonly Option<FileInfo?> Plot = new("--plot") { Description = "Write forecasts as fans, SVG.", HelpName = "FILE" };

    public static Command Make()
    {
        Format.AcceptOnlyFromAmong("table", "json");
        var forecast = new Command("forecast", "Score forecasts on recorded data.") { M4, Model, Seed, Format, Plot };
        forecast.Run((parsed, cancellationToken) => Task.FromResult(Execute(parsed, cancellationToken)));
        return new Command("score", "Measure models on recorded data.") { forecast };
    }

    private static int Execute(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(M4) is not [var train, var test]) throw new CommandException("score forecast: name the data: --m4 TRAIN TEST");
        var models = Chosen(parsed, PanelForecaster.Models);
        var scoring = PanelScoring.Read(train, test);
        var forecasts = ProgressBar.Show("forecasts", IsTable(parsed), progress => scoring.Forecast(models, parsed.GetValue(Seed), progress, cancellationToken));
        Print(parsed, $"{scoring.Scored} of {scoring.Count} series, {scoring.Actual[0].Length} steps ahead", [.. forecasts.Select(scoring.Score)]);
        if (parsed.GetValue(Plot) is { } plot)
        {
            var shown = Enumerable.Range(0, Math.Min(PlottedSeries, scoring.Scored)).Select(i => scoring.Fan(forecasts[^1], i * scoring.Scored / Math.Min(PlottedSeries, scoring.Scored)));
            File.WriteAllText(plot.FullName, FanPlot.Draw($"{forecasts[^1].Model}: forecasts of hourly series", [.. shown], ["95% interval"]));
        }

        return 0;
    }

    private static string[] Chosen(ParseResult parsed, IReadOnlyList<string> known)
    {
        var asked = parsed.GetValue(Model) ?? [];
        if (Array.Find(asked, m => !known.Contains(m)) is { } unknown)
            throw new CommandException($"--model: there is no model '{unknown}'; known: {string.Join(", ", known)}");
        return asked.Length == 0 ? [.. known] : asked;
    }

    private static bool IsTable(ParseResult parsed) => parsed.GetValue(Format) == "table";

    private static void Print(ParseResult parsed, string title, IReadOnlyList<ModelScore> scores)
    {
        var report = ScoreReport.Of(scores);
        if (IsTable(parsed)) ScoreTable.Print(title, report);
        else Console.WriteLine(report.ToJson());
    }
}
