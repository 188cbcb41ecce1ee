using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ControlPlane.Client;
using ControlPlane.Core;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using ControlPlane.Silo;

namespace ControlPlane.Cli.Decisions;

/// <summary><c>controlplane explain</c>: why a service has the replicas that it has, or had at a moment.</summary>
internal static class ExplainCommand
{
    private const int MostKept = 1000;

    private static readonly Argument<string> Service = new("SERVICE") { Description = "The service: cluster/namespace/kind/name, or the end of it where only one service ends so." };
    private static readonly Option<string?> At = new("--at") { Description = "A moment such as 2026-03-04T05:06:15Z, or a duration ago such as 10m. Default: the newest decision.", HelpName = "TIME" };
    private static readonly Option<string> Silo = new("--silo") { Description = "Address of a silo.", DefaultValueFactory = _ => SiloApp.DefaultUrl, HelpName = "URL" };
    private static readonly Option<FileInfo?> Records = new("--records") { Description = "Look in a file that 'backtest --records' wrote instead of asking a silo.", HelpName = "FILE" };
    private static readonly Option<string> Format = MakeFormat();

    public static Command Make()
    {
        var command = new Command("explain", "Say why a service has its replicas: sentence, reason, every stage of the decision.") { Service, At, Silo, Records, Format };
        command.Run(ExecuteAsync);
        return command;
    }

    private static async Task<int> ExecuteAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var at = Moment(parsed.GetValue(At));
        var (record, note) = parsed.GetValue(Records) is { } file
            ? (FromFile(file, parsed.GetValue(Service)!, at), null)
            : await FromSiloAsync(parsed.GetValue(Silo)!, parsed.GetValue(Service)!, at, cancellationToken);
        if (parsed.GetValue(Format) == "json")
        {
            Console.WriteLine(JsonSerializer.Serialize(record, CoreJson.Options));
            return 0;
        }
        Console.Write(DecisionText.Of(record));
        Console.WriteLine(record.IsReproducible() ? "made again from its record: bit-identical" : "made again from its record: DIFFERENT");
        if (note is not null) Console.WriteLine(note);
        return 0;
    }

    private static async Task<(DecisionRecord Record, string? Note)> FromSiloAsync(string silo, string service, DateTimeOffset? at, CancellationToken cancellationToken)
    {
        using var http = SiloClient.Connect(silo);
        var client = new ControlPlaneClient(http);
        var id = await FindAsync(client, service, cancellationToken);
        var kept = await client.GetDecisionsAsync(id, MostKept, cancellationToken);
        if (kept.Count == 0) throw new CommandException($"nothing was decided for {id} since its decision maker started");
        var found = kept.FirstOrDefault(d => at is null || d.Time <= at)
            ?? throw new CommandException($"no decision on {id} is kept from before {at:u}; the oldest one is of {kept[^1].Time:u}");
        var record = JsonSerializer.Deserialize<DecisionRecord>(await client.GetDecisionRecordAsync(found.Id, cancellationToken), CoreJson.Options);
        return (record ?? throw new CommandException($"{found.Id}: the record is empty"), Note(record, at));
    }

    /// <summary>Of longer ago only the decisions that changed something are kept.</summary>
    private static string? Note(DecisionRecord record, DateTimeOffset? at) => at - record.Decision.Time > record.Input.Observation.Step
        ? $"of the steps from then to {at:u} no record is kept: of the past, only the newest changes are"
        : null;

    private static async Task<string> FindAsync(ControlPlaneClient client, string service, CancellationToken cancellationToken)
    {
        var all = await client.ListAsync("", cancellationToken);
        if (all.Contains(service)) return service;
        var found = all.Where(id => id.EndsWith("/" + service, StringComparison.Ordinal)).ToList();
        return found.Count switch
        {
            1 => found[0],
            0 => throw new CommandException($"there is no service '{service}' among the {all.Count} that are registered"),
            _ => throw new CommandException($"'{service}' is the end of {found.Count} services: {string.Join(", ", found.Take(5))}"),
        };
    }

    private static DecisionRecord FromFile(FileInfo file, string service, DateTimeOffset? at)
    {
        DecisionRecord? found = null;
        foreach (var record in RecordFile.Read(file))
        {
            var workload = record.Decision.Workload.ToString();
            if (workload != service && !workload.EndsWith("/" + service, StringComparison.Ordinal)) continue;
            if (at is null || record.Decision.Time <= at) found = record;
        }
        return found ?? throw new CommandException($"{file}: holds no decision on '{service}'{(at is null ? "" : $" up to {at:u}")}");
    }

    private static DateTimeOffset? Moment(string? text)
    {
        if (text is null) return null;
        if (DurationText.TryParse(text, out var ago)) return TimeProvider.System.GetUtcNow() - ago;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new CommandException($"--at: '{text}' is neither a moment such as 2026-03-04T05:06:15Z nor a duration such as 10m");
    }

    private static Option<string> MakeFormat()
    {
        var option = new Option<string>("--format") { Description = "text or json (the record, for 'controlplane replay').", DefaultValueFactory = _ => "text" };
        option.AcceptOnlyFromAmong("text", "json");
        return option;
    }
}
