using System.Globalization;
using Spectre.Console;

namespace ControlPlane.Cli.Scoring;

/// <summary>Scores of anomaly detection side by side, for people.</summary>
internal static class AnomalyTables
{
    public static void Print(NabReport report)
    {
        var table = Start($"{report.Files} files, {report.Windows} windows", "NAB score", "standard", "few false\npositives", "few false\nnegatives", "windows found", "false");
        foreach (var row in report.Rows)
        {
            table.AddRow(Markup.Escape(row.Name), Show(row.Best[0].Value, "0.0"), Show(row.Best[1].Value, "0.0"), Show(row.Best[2].Value, "0.0"), Show(row.Best[0].Found, "0"), Show(row.Best[0].False, "0"));
            table.AddRow("  at its own threshold", Show(row.Fixed[0].Value, "0.0"), Show(row.Fixed[1].Value, "0.0"), Show(row.Fixed[2].Value, "0.0"), Show(row.Fixed[0].Found, "0"), Show(row.Fixed[0].False, "0"));
        }

        Terminal.Out.Write(table);
        Terminal.Out.WriteLine("Threshold chosen for each profile, as the benchmark does, unless said; windows and false detections of the standard profile.");
    }

    public static void Print(string title, IReadOnlyList<ServersRow> rows)
    {
        var table = Start(title, "detector", "event F1", "F1", "VUS-PR", "delay", "blame\nprecision@3");
        foreach (var row in rows)
            table.AddRow(Markup.Escape(row.Name), Show(row.EventF1, "0.000"), Show(row.F1, "0.000"), Show(row.VusPr, "0.000"), Show(row.DelaySeconds, "0' s'"), Show(row.BlameTop3, "0.00"));
        Terminal.Out.Write(table);
        Terminal.Out.WriteLine("F1 and delay at the threshold that is best for each measure and server; no point adjustment.");
    }

    private static Table Start(string title, params string[] headers)
    {
        var table = new Table { Border = TableBorder.Simple, Title = new TableTitle(Markup.Escape(title)), UseSafeBorder = true };
        table.AddColumn(new TableColumn(headers[0]) { NoWrap = true });
        foreach (var header in headers[1..]) table.AddColumn(new TableColumn(header) { Alignment = Justify.Right, NoWrap = true });
        return table;
    }

    private static string Show(double? value, string form) => value?.ToString(form, CultureInfo.InvariantCulture) ?? "–";
}
