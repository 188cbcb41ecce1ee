using System.Globalization;
using ControlPlane.Simulation.Faults;
using Spectre.Console;

namespace ControlPlane.Cli.Faults;

/// <summary>Faults and healthy days as tables, for people.</summary>
internal static class FaultTables
{
    public static void Print(IReadOnlyList<FaultRow> rows)
    {
        var table = Start($"{rows[0].Seeds} seeds a fault", "fault", "found", "found\nafter", "healed\nafter", "9 of 10\nwithin", "probes\nalone", "neither", "ratio", "missed\nrequests", "evictions", "budgets\nbroken");
        foreach (var row in rows)
        {
            var (seconds, isCommon) = (Show(row.RecoverySeconds, "0' s'"), row.IsCommon);
            table.AddRow(
                Markup.Escape(row.Fault), $"{row.Detected}", Show(row.DetectionSeconds, "0' s'"), isCommon ? "–" : seconds, isCommon ? "–" : Show(row.RecoverySeconds90, "0' s'"),
                isCommon ? "–" : Show(row.ProbesRecoverySeconds, "0' s'"), isCommon ? "–" : Show(row.UnhealedRecoverySeconds, "0' s'"), isCommon ? "–" : Show(row.RecoveryRatio, "0%"),
                isCommon ? "–" : Show(row.ViolationRatio, "0%"), $"{row.Evictions}", $"{row.BrokenBudgets}");
        }

        Terminal.Out.Write(table);
        Terminal.Out.WriteLine("Medians over the seeds; ratio: of each seed's time with healing to its time with neither. Missed requests: with healing ÷ with neither. The last four faults are common to all pods: nobody may be evicted.");
        var worst = rows.Where(r => !r.IsCommon).Select(r => r.RecoveryRatio).DefaultIfEmpty(0).Max();
        Terminal.Out.WriteLine($"Largest median ratio {Show(worst, "0%")}; something was reported at {rows.Sum(r => r.FalseFindings)} steps before there was a fault.");
    }

    public static void Print(IReadOnlyList<HealthyRow> rows)
    {
        var table = Start("healthy services", "trace", "days", "pods", "actions", "a month", "evictions", "what");
        foreach (var row in rows)
            table.AddRow(Markup.Escape(row.Trace), Show(row.Days, "0.#"), Show(row.MeanPods, "0.0"), $"{row.Actions}", Show(row.ActionsPerMonth, "0.0"), $"{row.Evictions}", Markup.Escape(string.Join(", ", row.Kinds)));
        Terminal.Out.Write(table);
        Terminal.Out.WriteLine("Noisy metrics, hiccups, a crash and a release a week, lost scrapes: whatever healing does to them is too much.");
    }

    private static Table Start(string title, params string[] headers)
    {
        var table = new Table { Border = TableBorder.Simple, Title = new TableTitle(Markup.Escape(title)), UseSafeBorder = true };
        table.AddColumn(new TableColumn(headers[0]) { NoWrap = true });
        foreach (var header in headers[1..]) table.AddColumn(new TableColumn(header) { Alignment = Justify.Right });
        return table;
    }

    private static string Show(double? value, string form) => value?.ToString(form, CultureInfo.InvariantCulture) ?? "–";
}
