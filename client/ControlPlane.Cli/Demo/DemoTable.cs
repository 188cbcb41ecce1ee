using System.Globalization;
using Spectre.Console;

namespace ControlPlane.Cli.Demo;

/// <summary>The demo's closing table: ours and the HPA on the same traffic, by service and together.</summary>
internal static class DemoTable
{
    private sealed record Sum(double Requests, double MissedRequests, double Ticks, double MissedTicks, double ShortTicks, double LongTicks, double PodHours, int Ups, int Downs)
    {
        public static Sum Of(DemoResult r) => new(
            r.Outcome.TotalRequests, r.Outcome.SloViolationRequestShare * r.Outcome.TotalRequests,
            r.Outcome.Ticks, r.Outcome.SloViolationTimeShare * r.Outcome.Ticks, r.Outcome.UnderProvisionedTimeShare * r.Outcome.Ticks,
            r.Outcome.OverProvisionedTimeShare * r.Outcome.Ticks, r.Outcome.PodHours, r.Outcome.ScaleUps, r.Outcome.ScaleDowns);

        public static Sum operator +(Sum a, Sum b) => new(
            a.Requests + b.Requests, a.MissedRequests + b.MissedRequests, a.Ticks + b.Ticks, a.MissedTicks + b.MissedTicks,
            a.ShortTicks + b.ShortTicks, a.LongTicks + b.LongTicks, a.PodHours + b.PodHours, a.Ups + b.Ups, a.Downs + b.Downs);
    }

    public static void Print(IReadOnlyList<DemoResult> results)
    {
        if (results.Count == 0) return;
        var table = new Table { Border = TableBorder.Simple, UseSafeBorder = true };
        foreach (var header in (string[])["service", "method", "SLO missed\nrequests", "SLO missed\ntime", "too few\ntime", "too many\ntime", "pod-hours", "up/down"])
            table.AddColumn(new TableColumn(header) { NoWrap = true, Padding = new Padding(0, 0, 1, 0) });
        for (var column = 2; column < 8; column++) table.Columns[column].RightAligned();
        foreach (var result in results) AddRow(table, result.Service, result.Method, Sum.Of(result));
        foreach (var method in results.Select(r => r.Method).Distinct())
            AddRow(table, "all", method, results.Where(r => r.Method == method).Select(Sum.Of).Aggregate((a, b) => a + b));
        Terminal.Out.Write(table);
    }

    private static void AddRow(Table table, string service, string method, Sum sum) => table.AddRow(
        Markup.Escape(service), Markup.Escape(method), Share(sum.MissedRequests, sum.Requests), Share(sum.MissedTicks, sum.Ticks),
        Share(sum.ShortTicks, sum.Ticks), Share(sum.LongTicks, sum.Ticks), sum.PodHours.ToString("#,0.0", CultureInfo.InvariantCulture), $"{sum.Ups}/{sum.Downs}");

    private static string Share(double part, double whole) => whole > 0 ? (part / whole).ToString("0.00%", CultureInfo.InvariantCulture) : "–";
}
