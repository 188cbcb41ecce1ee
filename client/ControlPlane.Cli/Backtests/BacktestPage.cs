using System.Globalization;
using System.Net;
using System.Text;
using ControlPlane.Core.Policies;
using ControlPlane.Simulation.Backtest;

namespace ControlPlane.Cli.Backtests;

/// <summary>A backtest as one HTML file that needs nothing else: tables, plots, policies.</summary>
internal static class BacktestPage
{
    private const string Style = """
        :root { color-scheme: light dark; --page: #fbfbfa; --card: #ffffff; --ink: #1d2126; --ink2: #59616b; --line: #e3e5e8; --own: #1668c7; --own-soft: #cfe2f7; --other: #8b939d; --other-soft: #dfe3e7; --missed: #d02f55; --bar: #eef1f4; }
        @media (prefers-color-scheme: dark) { :root { --page: #14171b; --card: #1c2025; --ink: #e8eaed; --ink2: #a2aab4; --line: #343a42; --own: #6aaeff; --own-soft: #23405f; --other: #7d8793; --other-soft: #343b44; --missed: #ff6b8b; --bar: #272d35; } }
        body { margin: 0 auto; padding: 28px 24px 60px; max-width: 1240px; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
        h1 { font-size: 24px; margin: 0 0 2px; } h2 { font-size: 18px; margin: 40px 0 8px; } p { margin: 4px 0 12px; color: var(--ink2); max-width: 90ch; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: 8px 0 4px; }
        th, td { padding: 5px 14px 5px 0; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
        th { font-weight: 600; color: var(--ink2); font-size: 13px; vertical-align: bottom; } th.l, td.l { text-align: left; }
        tr.own td { font-weight: 600; } tr.own td.name { color: var(--own); }
        td.bar { min-width: 110px; background: linear-gradient(var(--bar), var(--bar)) no-repeat right 14px center / calc(var(--share) * (100% - 14px)) 70%; }
        .card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px 16px; margin: 12px 0; }
        svg { width: 100%; height: auto; min-width: 860px; display: block; } svg text { font: 12px system-ui, "Segoe UI", "DejaVu Sans", sans-serif; fill: var(--ink2); }
        svg .title { font-size: 13px; font-weight: 600; fill: var(--ink); } svg .method { font-size: 13px; fill: var(--ink); } svg .method.own { fill: var(--own); font-weight: 700; }
        svg .grid { stroke: var(--line); stroke-width: 1; } svg .track { fill: var(--bar); } svg .missed { fill: var(--missed); }
        svg .demand { fill: none; stroke: var(--ink); stroke-width: 1.2; } svg .median { fill: none; stroke: var(--own); stroke-width: 1.2; } svg .fan { fill: var(--own-soft); stroke: none; opacity: .85; }
        svg .pods { stroke-width: .8; } svg .pods.own { fill: var(--own-soft); stroke: var(--own); } svg .pods.other { fill: var(--other-soft); stroke: var(--other); }
        svg .need { fill: none; stroke: var(--ink); stroke-width: .8; } svg .latency { fill: none; stroke-width: 1.2; } svg .latency.own { stroke: var(--own); } svg .latency.other { stroke: var(--other); }
        svg .objective { stroke: var(--missed); stroke-width: 1.2; stroke-dasharray: 5 4; }
        details { margin: 6px 0; } summary { cursor: pointer; color: var(--ink2); } pre { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px; overflow-x: auto; font-size: 13px; }
        """;

    /// <summary>The page.</summary>
    public static string Write(IReadOnlyList<BacktestResult> results)
    {
        var page = new StringBuilder();
        var traces = results.Select(r => r.Case.Trace).Distinct().ToList();
        var first = results[0].Case;
        page.Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
            .Append("<title>ControlPlane backtest</title><style>").Append(Style).Append("</style></head><body>\n")
            .Append("<h1>ControlPlane backtest</h1>")
            .Append(CultureInfo.InvariantCulture, $"<p>{Encode(string.Join(", ", traces))}. Step {first.Load.Step.TotalSeconds} s, pods ready {first.Options.Profile.Startup.Median.TotalSeconds} s after they are ordered, seed {first.Options.Seed}. ")
            .Append("Every method runs over the same simulated service under the same demand. A request that takes longer than the objective, or fails, misses it.</p>\n");
        Summary(page, results);
        foreach (var result in results) Case(page, result);
        Policies(page, results);
        return page.Append("</body></html>\n").ToString();
    }

    private static void Summary(StringBuilder page, IReadOnlyList<BacktestResult> results)
    {
        var rows = BacktestSummary.Of(results);
        var hasPolicies = rows.Any(r => r.Policy.Length > 0);
        var (mostTime, mostPods) = (rows.Max(r => r.SloViolationTimeShare), rows.Max(r => r.PodHours));
        page.Append("<h2>Summary</h2><div class=\"scroll\"><table><tr>").Append(hasPolicies ? "<th class=\"l\">policy</th>" : "")
            .Append("<th class=\"l\">method</th><th>requests that missed<br>the objective</th><th>time in which<br>it was missed</th><th>÷ hpa</th><th>pod-hours</th><th>÷ hpa</th><th>changes<br>a day</th></tr>\n");
        foreach (var row in rows)
        {
            page.Append(row.Method == BacktestOptions.Own ? "<tr class=\"own\">" : "<tr>").Append(hasPolicies ? $"<td class=\"l\">{Encode(row.Policy)}</td>" : "")
                .Append(CultureInfo.InvariantCulture, $"<td class=\"l name\">{Encode(row.Method)}</td><td>{row.SloViolationRequestShare:0.00%}</td>{Bar(row.SloViolationTimeShare, mostTime, "0.00%")}<td>{Ratio(row.ViolationsToHpa)}</td>")
                .Append(CultureInfo.InvariantCulture, $"{Bar(row.PodHours, mostPods, "#,0.0")}<td>{Ratio(row.PodHoursToHpa)}</td><td>{row.ScalingsPerDay:#,0}</td></tr>\n");
        }
        page.Append("</table></div>");
        var count = results.Select(r => r.Case.Trace).Distinct().Count();
        page.Append(CultureInfo.InvariantCulture, $"<p>{(count > 1 ? $"Means over {count} demands, sums of pod-hours. " : "")}Starting pods are paid for.{Absent(rows)}</p>\n");
        if (hasPolicies) Comparison(page, rows);
    }

    private static string Absent(IReadOnlyList<BacktestSummary> rows) =>
        rows.Any(r => r.Method == "oracle") ? " The oracle knows the future: fewer pods without a violation there cannot be." : "";

    /// <summary>Our own method under each policy against the first.</summary>
    private static void Comparison(StringBuilder page, IReadOnlyList<BacktestSummary> rows)
    {
        var own = rows.Where(r => r.Method == BacktestOptions.Own).ToList();
        var basis = own[0];
        foreach (var other in own.Skip(1))
        {
            var pods = other.PodHours / basis.PodHours - 1;
            var missed = (other.SloViolationTimeShare - basis.SloViolationTimeShare) * 100;
            page.Append(CultureInfo.InvariantCulture, $"<p><b>{Encode(other.Policy)}</b> instead of <b>{Encode(basis.Policy)}</b>: {pods:+0.0%;−0.0%;0.0%} pod-hours, {missed:+0.00;−0.00;0.00} percentage points of time in violation, {other.ScalingsPerDay - basis.ScalingsPerDay:+0;−0;0} changes a day.</p>\n");
        }
    }

    private static void Case(StringBuilder page, BacktestResult result)
    {
        var policy = result.Case.PolicyName.Length == 0 ? "" : $" under {result.Case.PolicyName}";
        page.Append(CultureInfo.InvariantCulture, $"<h2>{Encode(result.Case.Trace + policy)}</h2><div class=\"card scroll\">{BacktestFigure.Draw(result, 0)}</div>\n");
        if (result.Series[0].Count > 1) page.Append(CultureInfo.InvariantCulture, $"<p>The day around the highest demand; the numbers at the right are those of the whole run.</p><div class=\"card scroll\">{BacktestFigure.Draw(result, 1)}</div>\n");
        page.Append("<div class=\"scroll\"><table>");
        page.Append("<tr><th class=\"l\">method</th><th>missed,<br>requests</th><th>missed,<br>time</th><th>too few pods,<br>time</th><th>too many pods,<br>time</th><th>pod-hours</th><th>up / down</th><th>p50 / p95 / p99, ms</th></tr>\n");
        foreach (var m in result.Report.Methods)
        {
            page.Append(m.Name == BacktestOptions.Own ? "<tr class=\"own\">" : "<tr>")
                .Append(CultureInfo.InvariantCulture, $"<td class=\"l name\">{Encode(m.Name)}</td><td>{m.SloViolationRequestShare:0.00%}</td><td>{m.SloViolationTimeShare:0.00%}</td><td>{m.UnderProvisionedTimeShare:0.00%}</td><td>{m.OverProvisionedTimeShare:0.00%}</td>")
                .Append(CultureInfo.InvariantCulture, $"<td>{m.PodHours:#,0.0}</td><td>{m.ScaleUps} / {m.ScaleDowns}</td><td>{Ms(m.LatencySeconds.P50)} / {Ms(m.LatencySeconds.P95)} / {Ms(m.LatencySeconds.P99)}</td></tr>\n");
        }
        page.Append("</table></div>\n");
    }

    private static void Policies(StringBuilder page, IReadOnlyList<BacktestResult> results)
    {
        page.Append("<h2>Policies</h2>\n");
        var hasNames = results.Any(r => r.Case.PolicyName.Length > 0);
        foreach (var group in results.GroupBy(r => hasNames ? r.Case.PolicyName : PolicyText.ToYaml(r.Report.Policy)))
        {
            var title = hasNames ? group.Key : string.Join(", ", group.Select(r => r.Case.Trace).Distinct());
            page.Append(CultureInfo.InvariantCulture, $"<details><summary>{Encode(title)}</summary><pre>{Encode(PolicyText.ToYaml(group.First().Report.Policy))}</pre></details>\n");
        }
    }

    private static string Bar(double value, double most, string format) =>
        string.Create(CultureInfo.InvariantCulture, $"<td class=\"bar\" style=\"--share:{(most > 0 ? value / most : 0):0.###}\">{value.ToString(format, CultureInfo.InvariantCulture)}</td>");

    private static string Ratio(double? value) => value is { } v ? v.ToString("0.00", CultureInfo.InvariantCulture) : "–";

    private static string Ms(double? seconds) => seconds is { } s ? (s * 1000).ToString("0", CultureInfo.InvariantCulture) : "–";

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
