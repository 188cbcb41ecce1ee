using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ControlPlane.Client;
using ControlPlane.Silo;

namespace ControlPlane.Cli.Teams;

/// <summary><c>controlplane teams</c>: what the teams of a cluster have spent of their budgets, and by which services.</summary>
internal static class TeamsCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private static readonly Argument<string> Cluster = new("CLUSTER") { Description = "The cluster." };
    private static readonly Argument<string?> Team = new("TEAM") { Description = "The team, with its services. Default: all teams in short.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string> Silo = new("--silo") { Description = "Address of a silo.", DefaultValueFactory = _ => SiloApp.DefaultUrl, HelpName = "URL" };
    private static readonly Option<string> Format = MakeFormat();

    public static Command Make()
    {
        var command = new Command("teams", "Show the budgets of a cluster's teams: spent, granted, left, and by which services.") { Cluster, Team, Silo, Format };
        command.Run(ExecuteAsync);
        return command;
    }

    private static async Task<int> ExecuteAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var http = SiloClient.Connect(parsed.GetValue(Silo)!);
        var client = new ControlPlaneClient(http);
        var cluster = parsed.GetValue(Cluster)!;
        IReadOnlyList<TeamRecord> found = parsed.GetValue(Team) is { } team
            ? [await client.GetTeamAsync(cluster, team, cancellationToken)]
            : await client.GetTeamsAsync(cluster, cancellationToken);
        var lines = found.SelectMany(t => Lines(t, withServices: parsed.GetValue(Team) is not null)).DefaultIfEmpty($"the policy of {cluster} declares no teams");
        Console.WriteLine(parsed.GetValue(Format) == "json" ? JsonSerializer.Serialize(found, Json) : string.Join('\n', lines));
        return 0;
    }

    private static IEnumerable<string> Lines(TeamRecord team, bool withServices)
    {
        var culture = CultureInfo.InvariantCulture;
        var period = team.PeriodStart is { } start ? string.Create(culture, $"until {start + team.Period:yyyy-MM-dd HH:mm}Z") : "nobody has asked yet";
        yield return string.Create(culture, $"{team.Name}: {team.Spent:0.##} spent, {team.Granted:0.##} granted of {team.Budget:0.##} {(team.Unit == "money" ? "of money" : team.Unit)} ({team.Enforcement}), {period}");
        if (!withServices) yield break;
        foreach (var s in team.Services.OrderByDescending(s => s.Spent).ThenBy(s => s.Id, StringComparer.Ordinal))
            yield return string.Create(culture, $"  {s.Id}  {s.Spent:0.##} spent, {s.Granted:0.##} granted, its minimum takes {s.FloorOfPeriod:0.##} a period{(s.IsShort ? ": NOT PAID FOR" : "")}");
    }

    private static Option<string> MakeFormat()
    {
        var option = new Option<string>("--format") { Description = "text or json.", DefaultValueFactory = _ => "text" };
        option.AcceptOnlyFromAmong("text", "json");
        return option;
    }
}
