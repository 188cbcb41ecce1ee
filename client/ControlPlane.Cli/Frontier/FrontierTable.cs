using System.Globalization;
using System.Text;
using ControlPlane.Simulation.Backtest.Frontier;
using Spectre.Console;

namespace ControlPlane.Cli.Frontier;

/// <summary>A frontier for people and for spreadsheets.</summary>
internal static class FrontierTable
{
    public static void Print(FrontierReport report)
    {
        var table = new Table { Border = TableBorder.Simple, UseSafeBorder = true, Title = new TableTitle("Share closed of the distance from the HPA's pod-hours to the oracle's, at no more violations") };
        foreach (var header in (string[])["trace", "start-up\ns", "against", "ours", "tuned\nHPAs", "ours by\nunserved", "violations ÷ HPA 0.7's\nat its pod-hours", "changes\na day", "HPA's"])
            table.AddColumn(new TableColumn(header) { Alignment = header is "trace" or "against" ? Justify.Left : Justify.Right, NoWrap = true });
        foreach (var trace in report.Traces)
            foreach (var row in trace.GapClosed) Add(table, trace.Name, row);
        if (report.Traces.Count > 1)
            foreach (var row in report.GapClosed) Add(table, "mean", row);
        Terminal.Out.Write(table);
    }

    public static string ToCsv(FrontierReport report)
    {
        var text = new StringBuilder("trace,method,parameter,startupSeconds,underProvisionedTimeShare,unservedDemandShare,podHours,scalingsPerDay,windowSeconds,tolerance\n");
        foreach (var p in report.Frontier)
        {
            object?[] values = [$"\"{p.Trace.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", p.Method, p.Parameter, p.StartupSeconds, p.UnderProvisionedTimeShare, p.UnservedDemandShare, p.PodHours, p.ScalingsPerDay, p.WindowSeconds, p.Tolerance];
            text.AppendJoin(',', values.Select(v => Convert.ToString(v, CultureInfo.InvariantCulture))).Append('\n');
        }

        return text.ToString();
    }

    private static void Add(Table table, string trace, GapClosedRow row) => table.AddRow(
        Markup.Escape(trace), row.StartupSeconds.ToString("0", CultureInfo.InvariantCulture), row.Against,
        Number(row.Value), Number(row.Tuned), Number(row.UnservedDemand), Number(row.ViolationsAtPodHours),
        row.ScalingsPerDay.ToString("0", CultureInfo.InvariantCulture), row.HpaScalingsPerDay.ToString("0", CultureInfo.InvariantCulture));

    private static string Number(double? value) => value?.ToString("0.00", CultureInfo.InvariantCulture) ?? "–";
}
