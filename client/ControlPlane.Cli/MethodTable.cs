using System.Globalization;
using System.Text;
using ControlPlane.Simulation.Backtest;
using Spectre.Console;

namespace ControlPlane.Cli;

/// <summary>Methods side by side, for people and for spreadsheets.</summary>
internal static class MethodTable
{
    private static readonly (string Header, Func<MethodReport, string> Value)[] Columns =
    [
        ("method", m => m.Name),
        ("SLO missed\nrequests", m => Share(m.SloViolationRequestShare)),
        ("SLO missed\ntime", m => Share(m.SloViolationTimeShare)),
        ("too few\ntime", m => Share(m.UnderProvisionedTimeShare)),
        ("too many\ntime", m => Share(m.OverProvisionedTimeShare)),
        ("pod-hours", m => m.PodHours.ToString("#,0.0", CultureInfo.InvariantCulture)),
        ("up/down", m => $"{m.ScaleUps}/{m.ScaleDowns}"),
        ("p95/p99\nms", m => $"{Milliseconds(m.LatencySeconds.P95)}/{Milliseconds(m.LatencySeconds.P99)}"),
    ];

    public static void Print(string title, IEnumerable<MethodReport> methods)
    {
        var table = new Table { Border = TableBorder.Simple, Title = new TableTitle(Markup.Escape(title)), UseSafeBorder = true };
        foreach (var (header, _) in Columns) table.AddColumn(new TableColumn(header) { Alignment = header == "method" ? Justify.Left : Justify.Right, NoWrap = true, Padding = new Padding(0, 0, 1, 0) });
        foreach (var method in methods) table.AddRow([.. Columns.Select(c => Markup.Escape(c.Value(method)))]);
        Terminal.Out.Write(table);
    }

    public static string ToCsv(IEnumerable<MethodReport> methods)
    {
        var text = new StringBuilder("name,sloViolationRequestShare,sloViolationTimeShare,underProvisionedTimeShare,underProvisionedPodHours,"
            + "overProvisionedTimeShare,overProvisionedPodHours,podHours,scaleUps,scaleDowns,latencyP50Seconds,latencyP95Seconds,latencyP99Seconds,wallSeconds\n");
        foreach (var m in methods)
        {
            object?[] values =
            [
                m.Name, m.SloViolationRequestShare, m.SloViolationTimeShare, m.UnderProvisionedTimeShare, m.UnderProvisionedPodHours,
                m.OverProvisionedTimeShare, m.OverProvisionedPodHours, m.PodHours, m.ScaleUps, m.ScaleDowns,
                m.LatencySeconds.P50, m.LatencySeconds.P95, m.LatencySeconds.P99, m.WallSeconds,
            ];
            text.AppendJoin(',', values.Select(v => Convert.ToString(v, CultureInfo.InvariantCulture))).Append('\n');
        }
        return text.ToString();
    }

    private static string Share(double share) => share.ToString("0.00%", CultureInfo.InvariantCulture);

    private static string Milliseconds(double? seconds) => seconds is { } s ? (s * 1000).ToString("0", CultureInfo.InvariantCulture) : "–";
}
