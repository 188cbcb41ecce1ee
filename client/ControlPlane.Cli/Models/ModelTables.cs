using System.Globalization;
using ControlPlane.Client;
using Spectre.Console;

namespace ControlPlane.Cli.Models;

/// <summary>Models as tables for people.</summary>
internal static class ModelTables
{
    private const int MostChanges = 10;

    public static void Print(ModelList models)
    {
        var table = Make("models", "model", "status", ">outcomes", ">loss", ">below 0.9", ">artifact", "registered");
        foreach (var model in models.Models) table.AddRow(Row(model));
        Terminal.Out.Write(table);
        if (models.Trial is { } trial) Console.WriteLine($"{Sentence(trial)}\n");
        Print(models.Changes.Take(MostChanges));
    }

    public static void Print(ModelDetails details)
    {
        var model = details.Model;
        Console.WriteLine($"{model.Id}: {model.Status}{(model.LastReason is null ? "" : $" ({model.LastReason})")}");
        if (details.Training is { } training)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"trained on {training.Series} series from {training.From:u} to {training.To:u} in steps of {training.Step}"));
        var table = Make("values", "value", ">number");
        foreach (var (name, value) in details.Parameters) table.AddRow(Cells($"parameter {name}", Number(value)));
        foreach (var (name, value) in details.TrainingScores) table.AddRow(Cells($"training {name}", Number(value)));
        if (model.Loss is { } loss) table.AddRow(Cells($"loss over {model.Outcomes} outcomes", Share(loss)));
        foreach (var (level, covered) in model.Coverage ?? new Dictionary<string, double>()) table.AddRow(Cells($"outcomes below quantile {level}", Share(covered)));
        if (table.Rows.Count > 0) Terminal.Out.Write(table);
        Print(details.Changes);
    }

    private static void Print(IEnumerable<ModelChange> changes)
    {
        var table = Make("changes", "time", "change", "model", "why");
        foreach (var change in changes) table.AddRow(Cells(change.Time.ToString("u", CultureInfo.InvariantCulture), change.Kind, change.Model, change.Reason));
        if (table.Rows.Count > 0) Terminal.Out.Write(table);
    }

    private static string Sentence(ModelTrialStatus trial) =>
        $"{trial.Purpose} {trial.Id}: {trial.Shadow} in shadow of {trial.Champion} on {trial.Services} services, {trial.Blocks} blocks"
        + (trial.Difference is { } difference ? $", loss {difference.ToString("+0.0%;-0.0%;0.0%", CultureInfo.InvariantCulture)}" : "");

    private static string[] Row(ModelVersion model) => Cells(
        model.Id,
        model.Status,
        model.Outcomes.ToString("#,0", CultureInfo.InvariantCulture),
        model.Loss is { } loss ? Share(loss) : "–",
        model.Coverage?.TryGetValue("0.9", out var covered) == true ? Share(covered) : "–",
        model.ArtifactBytes == 0 ? "program" : string.Create(CultureInfo.InvariantCulture, $"{model.ArtifactBytes:#,0} B"),
        model.RegisteredAt.ToString("u", CultureInfo.InvariantCulture));

    private static Table Make(string title, params string[] headers)
    {
        var table = new Table { Border = TableBorder.Simple, Title = new TableTitle(title), UseSafeBorder = true };
        foreach (var header in headers)
            table.AddColumn(new TableColumn(Markup.Escape(header.TrimStart('>'))) { Alignment = header[0] == '>' ? Justify.Right : Justify.Left, Padding = new Padding(0, 0, 1, 0) });
        return table;
    }

    private static string[] Cells(params string[] texts) => [.. texts.Select(Markup.Escape)];

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Share(double share) => share.ToString("0.00%", CultureInfo.InvariantCulture);
}
