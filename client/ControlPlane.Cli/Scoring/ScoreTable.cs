using System.Globalization;
using ControlPlane.Core.Forecasting.Scoring;
using Spectre.Console;

namespace ControlPlane.Cli.Scoring;

/// <summary>Scores side by side, for people; columns that apply to no row are left out.</summary>
internal static class ScoreTable
{
    private static readonly (string Header, Func<ModelScore, double?> Value, string Form)[] Columns =
    [
        ("sMAPE", m => m.Smape, "0.000"),
        ("MASE", m => m.Mase, "0.000"),
        ("OWA", m => m.Owa, "0.0000"),
        ("MSIS 95%", m => m.Msis95, "0.000"),
        ("pinball", m => m.Pinball, "0.#####"),
        ("÷ better of\nsNaive, HW*", m => m.Ratio, "0.000"),
        ("WAPE", m => 100 * m.Wape, "0.00'%'"),
        ("within 95%", m => m.Coverage95, "0.0'%'"),
        ("seconds", m => m.Seconds, "0.0"),
    ];

    public static void Print(string title, ScoreReport report)
    {
        var table = new Table { Border = TableBorder.Simple, Title = new TableTitle(Markup.Escape(title)), UseSafeBorder = true };
        var shown = Columns.Where(c => report.Models.Any(m => c.Value(m) is not null)).ToArray();
        table.AddColumn(new TableColumn("model") { NoWrap = true });
        foreach (var (header, _, _) in shown) table.AddColumn(new TableColumn(header) { Alignment = Justify.Right, NoWrap = true });
        foreach (var model in report.Models)
            table.AddRow([Markup.Escape(model.Name), .. shown.Select(c => c.Value(model)?.ToString(c.Form, CultureInfo.InvariantCulture) ?? "–")]);
        Terminal.Out.Write(table);
        if (report.Traces is { } traces) PrintTraces(traces);
        Terminal.Out.WriteLine($"Seconds are summed over cores. Peak memory: {report.PeakMemoryBytes / (1024 * 1024)} MiB.");
    }

    /// <summary>Each trace in one line: the naive models, the best single one, the combination.</summary>
    private static void PrintTraces(IReadOnlyList<TraceReport> traces)
    {
        var table = new Table { Border = TableBorder.Simple, UseSafeBorder = true };
        string[] shown = [.. ((string[])[TraceScore.LastValue, TraceScore.SeasonalNaive, TraceScore.HoltWintersStar, TraceScore.Ensemble]).Where(name => traces[0].Models.Any(m => m.Name == name))];
        foreach (var header in (string[])["trace", .. shown, "best single", ""]) table.AddColumn(new TableColumn(header) { NoWrap = true });
        foreach (var trace in traces)
        {
            var best = trace.Models.Where(m => !shown.Contains(m.Name)).MinBy(m => m.Ratio);
            table.AddRow([Markup.Escape(trace.Name), .. shown.Select(name => Ratio(trace.Models.First(m => m.Name == name))), Ratio(best), best?.Name ?? ""]);
        }

        Terminal.Out.WriteLine("Pinball loss ÷ that of the better of seasonal naive and the strong Holt-Winters, by trace:");
        Terminal.Out.Write(table);

        static string Ratio(ModelScore? model) => model?.Ratio?.ToString("0.000", CultureInfo.InvariantCulture) ?? "–";
    }
}
