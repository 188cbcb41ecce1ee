using System.Globalization;
using ControlPlane.Core.Learning;
using ControlPlane.Simulation.Learning;
using Spectre.Console;

namespace ControlPlane.Cli.Training;

/// <summary>How advisers did on traces that were left out of their training, one line a trace.</summary>
internal static class AdviserTable
{
    private static readonly (string Header, Func<HeldOutRow, string> Value)[] Columns =
    [
        ("left out", row => row.Trace),
        ("cost without\npod-steps", row => Number(row.CostWithout)),
        ("with, by\nits rule", row => Number(row.CostWith)),
        ("saved", row => Share(row.SavedShare)),
        ("pod-hours\nwithout/with", row => $"{Number(row.Without.PodHours)}/{Number(row.With.PodHours)}"),
        ("SLO missed\nwithout/with", row => $"{Part(row.Without.SloViolationTimeShare)}/{Part(row.With.SloViolationTimeShare)}"),
        ("account\nsaved", row => Share(row.Account.SavedShare)),
        ("acted", row => Part(row.ActedShare)),
        ("rule", row => Standing(row.Account.Standing)),
    ];

    public static void Print(AdviserTrainingResult result)
    {
        var table = new Table { Border = TableBorder.Simple, Title = new TableTitle("each trace with an adviser that was trained on the others"), UseSafeBorder = true };
        foreach (var (header, _) in Columns) table.AddColumn(new TableColumn(header) { Alignment = header == "left out" ? Justify.Left : Justify.Right, NoWrap = true, Padding = new Padding(0, 0, 1, 0) });
        foreach (var row in result.Rows) table.AddRow([.. Columns.Select(c => Markup.Escape(c.Value(row)))]);
        Terminal.Out.Write(table);
    }

    /// <summary>What follows for the adviser that was trained on all traces.</summary>
    public static string Verdict(AdviserTrainingResult result)
    {
        var mean = result.Rows.Average(row => row.Account.SavedShare);
        var facts = string.Create(CultureInfo.InvariantCulture, $"{mean:+0.00%;-0.00%} of the cost saved on unseen traces by its account, p = {result.PValue:0.####} against {AdviserTrainingOptions.FalseRelease}");
        return result.IsReleased
            ? $"released, each workload's own trial decides when it acts: {facts}"
            : $"not released, stays in shadow: {facts}";
    }

    private static string Standing(AdviserStanding standing) => standing switch
    {
        AdviserStanding.Proven => "acts",
        AdviserStanding.Retired => "retired",
        _ => "shadow",
    };

    private static string Number(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Share(double share) => share.ToString("+0.00%;-0.00%;0.00%", CultureInfo.InvariantCulture);

    private static string Part(double share) => share.ToString("0.00%", CultureInfo.InvariantCulture);
}
