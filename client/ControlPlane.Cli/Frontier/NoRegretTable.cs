using System.Globalization;
using System.Text;
using ControlPlane.Simulation.Backtest.Frontier;
using Spectre.Console;

namespace ControlPlane.Cli.Frontier;

/// <summary>Whether our own method did worse than the HPA, for people and for spreadsheets.</summary>
internal static class NoRegretTable
{
    public static void Print(NoRegretReport report)
    {
        var table = new Table { Border = TableBorder.Simple, UseSafeBorder = true, Title = new TableTitle("Ours against the HPA at the same target: the worst kind of forecasts of each row") };
        foreach (var header in (string[])["trace", "start-up\ns", "target", "violations\n÷ HPA's", "pods\n÷ HPA's", "start-ups behind,\nworst forecasts", "pods ÷ HPA's,\nworst forecasts", "kept"])
            table.AddColumn(new TableColumn(header) { Alignment = header is "trace" or "kept" ? Justify.Left : Justify.Right, NoWrap = true });
        foreach (var group in report.Rows.GroupBy(row => (row.Trace, row.StartupSeconds, row.Target)))
        {
            var own = group.First();
            table.AddRow(
                Markup.Escape(own.Trace), Number(own.StartupSeconds, "0"), Number(own.Target, "0.00"),
                own.HpaViolations == 0 ? "–" : Number((double)own.Violations / own.HpaViolations, "0.00"), Number(own.Pods, "0.000"),
                Number(group.Max(row => row.StartupsBehind), "0.0"), Number(group.Max(row => row.Pods), "0.000"), group.All(row => row.IsKept) ? "yes" : "no");
        }

        Terminal.Out.Write(table);
    }

    public static string ToCsv(NoRegretReport report)
    {
        var text = new StringBuilder("trace,startupSeconds,target,forecasts,startupSteps,violations,hpaViolations,podSteps,hpaPodSteps,kept\n");
        foreach (var row in report.Rows)
        {
            object[] values = [$"\"{row.Trace.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", row.StartupSeconds, row.Target, row.Forecasts, row.StartupSteps, row.Violations, row.HpaViolations, row.PodSteps, row.HpaPodSteps, row.IsKept ? "yes" : "no"];
            text.AppendJoin(',', values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture))).Append('\n');
        }

        return text.ToString();
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
