using System.Globalization;
using System.Text;
using ControlPlane.Simulation.Backtest;
using Spectre.Console;

namespace ControlPlane.Cli.Backtests;

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

    private static readonly (string Header, Func<BacktestSummary, string> Value)[] SummaryColumns =
    [
        ("method", s => s.Method),
        ("SLO missed\nrequests", s => Share(s.SloViolationRequestShare)),
        ("SLO missed\ntime", s => Share(s.SloViolationTimeShare)),
        ("missed\n÷ hpa", s => Times(s.ViolationsToHpa)),
        ("pod-hours", s => s.PodHours.ToString("#,0.0", CultureInfo.InvariantCulture)),
        ("pod-hours\n÷ hpa", s => Times(s.PodHoursToHpa)),
        ("changes\na day", s => s.ScalingsPerDay.ToString("#,0", CultureInfo.InvariantCulture)),
    ];

    public static void Print(string title, IEnumerable<MethodReport> methods)
    {
        var table = Make(title);
        foreach (var (header, _) in Columns) table.AddColumn(Column(header, header == "method"));
        foreach (var method in methods) table.AddRow([.. Columns.Select(c => Markup.Escape(c.Value(method)))]);
        Terminal.Out.Write(table);
    }

    /// <summary>Every demand's methods, then how each fared over all of them.</summary>
    public static void Print(IReadOnlyList<BacktestResult> results)
    {
        var hasPolicies = results.Any(r => r.Case.PolicyName.Length > 0);
        var table = Make("every demand");
        table.AddColumn(Column("trace", isLeft: true));
        if (hasPolicies) table.AddColumn(Column("policy", isLeft: true));
        // Beside two names there is no room for them all.
        var columns = Columns.Where(c => !c.Header.StartsWith("too ", StringComparison.Ordinal)).ToList();
        foreach (var (header, _) in columns) table.AddColumn(Column(header, header == "method"));
        foreach (var result in results)
        {
            foreach (var method in result.Report.Methods)
            {
                string[] first = method == result.Report.Methods[0] ? [result.Case.Trace, result.Case.PolicyName] : ["", ""];
                table.AddRow([.. first.Take(hasPolicies ? 2 : 1).Concat(columns.Select(c => c.Value(method))).Select(Markup.Escape)]);
            }
        }
        Terminal.Out.Write(table);
        PrintSummary(results, hasPolicies);
    }

    private static void PrintSummary(IReadOnlyList<BacktestResult> results, bool hasPolicies)
    {
        var count = results.Select(r => r.Case.Trace).Distinct().Count();
        var table = Make(count == 1 ? "summary" : $"over {count} demands: means; sums of pod-hours");
        if (hasPolicies) table.AddColumn(Column("policy", isLeft: true));
        foreach (var (header, _) in SummaryColumns) table.AddColumn(Column(header, header == "method"));
        foreach (var row in BacktestSummary.Of(results))
            table.AddRow([.. (hasPolicies ? [row.Policy] : Array.Empty<string>()).Concat(SummaryColumns.Select(c => c.Value(row))).Select(Markup.Escape)]);
        Terminal.Out.Write(table);
    }

    /// <summary>As <see cref="ToCsv(IEnumerable{MethodReport})"/>, with the trace and the policy before the method.</summary>
    public static string ToCsv(IReadOnlyList<BacktestResult> results)
    {
        var text = new StringBuilder();
        foreach (var result in results)
        {
            var lines = ToCsv(result.Report.Methods).TrimEnd('\n').Split('\n');
            if (text.Length == 0) text.Append("trace,policy,").Append(lines[0]).Append('\n');
            foreach (var line in lines.Skip(1)) text.Append(Quoted(result.Case.Trace)).Append(',').Append(Quoted(result.Case.PolicyName)).Append(',').Append(line).Append('\n');
        }
        return text.ToString();
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

    private static Table Make(string title) => new() { Border = TableBorder.Simple, Title = new TableTitle(Markup.Escape(title)), UseSafeBorder = true };

    private static TableColumn Column(string header, bool isLeft) =>
        new(header) { Alignment = isLeft ? Justify.Left : Justify.Right, NoWrap = true, Padding = new Padding(0, 0, 1, 0) };

    private static string Quoted(string text) => text.AsSpan().ContainsAny(",\"\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    private static string Times(double? ratio) => ratio is { } r ? r.ToString("0.00", CultureInfo.InvariantCulture) : "–";

    private static string Share(double share) => share.ToString("0.00%", CultureInfo.InvariantCulture);

    private static string Milliseconds(double? seconds) => seconds is { } s ? (s * 1000).ToString("0", CultureInfo.InvariantCulture) : "–";
}
