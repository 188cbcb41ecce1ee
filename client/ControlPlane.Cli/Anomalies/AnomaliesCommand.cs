using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ControlPlane.Client;
using ControlPlane.Silo;

namespace ControlPlane.Cli.Anomalies;

/// <summary><c>controlplane anomalies</c>: what is unusual about a service, and what an operator says of it.</summary>
internal static class AnomaliesCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private static readonly Argument<string> Service = new("SERVICE") { Description = "The service: cluster/namespace/kind/name." };
    private static readonly Option<string?> Confirm = new("--confirm") { Description = "Say that this anomaly was real: the threshold falls by 3%.", HelpName = "ID" };
    private static readonly Option<string?> Dismiss = new("--dismiss") { Description = "Say that this anomaly was none: the threshold rises by 10%.", HelpName = "ID" };
    private static readonly Option<string> Silo = new("--silo") { Description = "Address of a silo.", DefaultValueFactory = _ => SiloApp.DefaultUrl, HelpName = "URL" };
    private static readonly Option<string> Format = MakeFormat();

    public static Command Make()
    {
        var command = new Command("anomalies", "Show what is unusual about a service: since when, over when, which signals; confirm or dismiss it.") { Service, Confirm, Dismiss, Silo, Format };
        command.Run(ExecuteAsync);
        return command;
    }

    private static async Task<int> ExecuteAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (service, confirmed, dismissed) = (parsed.GetValue(Service)!, parsed.GetValue(Confirm), parsed.GetValue(Dismiss));
        if (confirmed is not null && dismissed is not null) throw new CommandException("--confirm and --dismiss: one of them at a time");
        using var http = SiloClient.Connect(parsed.GetValue(Silo)!);
        var client = new ControlPlaneClient(http);
        if ((confirmed ?? dismissed) is { } id) await client.LabelAnomalyAsync(service, id, confirmed is not null, cancellationToken);
        var found = await client.GetAnomaliesAsync(service, cancellationToken);
        Console.WriteLine(parsed.GetValue(Format) == "json" ? JsonSerializer.Serialize(found, Json) : string.Join('\n', Lines(found)));
        return 0;
    }

    private static IEnumerable<string> Lines(ServiceAnomalies found)
    {
        var culture = CultureInfo.InvariantCulture;
        foreach (var sentence in found.Health) yield return sentence;
        foreach (var d in found.Detectors)
            yield return string.Create(culture, $"{d.Kind,-8} {d.Status}, score {d.Score:0.0}, {(d.Threshold is { } threshold ? $"threshold {threshold.ToString("0.0", culture)}" : "no threshold yet")}, factor of labels {d.Factor:0.00}");
        foreach (var a in found.Anomalies)
        {
            var over = a.Ended is { } ended ? string.Create(culture, $"to {ended:yyyy-MM-dd HH:mm:ss}") : "and goes on";
            var label = a.IsReal switch { true => ", confirmed", false => ", dismissed", null => "" };
            yield return string.Create(culture, $"{a.Id}  from {a.Started:yyyy-MM-dd HH:mm:ss} {over}, score {a.Peak:0.0} past {a.Threshold:0.0}: {Blame(a)}{label}");
        }

        if (found.Anomalies.Count == 0) yield return "no anomalies of its signals";
    }

    private static string Blame(SignalAnomaly anomaly) => anomaly.Signals.Count == 0
        ? "only the combination of the signals is unusual"
        : string.Join(", ", anomaly.Signals.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Signal} {100 * s.Share:0}%")));

    private static Option<string> MakeFormat()
    {
        var option = new Option<string>("--format") { Description = "text or json.", DefaultValueFactory = _ => "text" };
        option.AcceptOnlyFromAmong("text", "json");
        return option;
    }
}
