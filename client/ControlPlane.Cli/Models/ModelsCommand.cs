using System.CommandLine;
using System.Net.Http.Headers;
using System.Text.Json;
using ControlPlane.Client;
using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Silo;

namespace ControlPlane.Cli.Models;

/// <summary><c>controlplane models</c>: the versions of the forecasting models of a control plane that runs.</summary>
internal static class ModelsCommand
{
    private const string TokenVariable = "CONTROLPLANE_ADMIN_TOKEN";
    private const string DefaultReason = "an operator asked for it";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private static readonly Argument<string> Model = new("MODEL") { Description = "The version: NAME/VERSION." };
    private static readonly Argument<string> Name = new("NAME") { Description = "The model's name." };
    private static readonly Argument<FileInfo> File = new("FILE") { Description = "File of the artifact." };
    private static readonly Option<string> Silo = new("--silo") { Description = "Address of a silo.", DefaultValueFactory = _ => SiloApp.DefaultUrl };
    private static readonly Option<string?> Token = new("--token") { Description = $"Admin token of the silo (ControlPlane:AdminToken). Default: the variable {TokenVariable}." };
    private static readonly Option<string> Reason = new("--reason") { Description = "Why, for the audit.", DefaultValueFactory = _ => DefaultReason };
    private static readonly Option<bool> NoTrial = new("--no-trial") { Description = "Register it without a trial against the champion." };
    private static readonly Option<string> Format = MakeFormat();

    public static Command Make() => new("models", "Versions of the forecasting models: champion, challengers, scores, changes.")
    {
        Sub("list", "Every version, the trial that runs, and the newest changes.", ListAsync, Format),
        Sub("show", "One version: parameters, training, scores, changes.", ShowAsync, Model, Format),
        Sub("promote", "Make a version the champion; the former one stays in shadow for a probation.", PromoteAsync, Model, Reason, Token),
        Sub("challenge", "Let a version that is not in use have a trial against the champion.", ChallengeAsync, Model, Token),
        Sub("rollback", "Bring the former champion back.", RollBackAsync, Reason, Token),
        Sub("import", "Register an artifact, by default as a challenger.", ImportAsync, File, NoTrial, Token),
        Sub("export", "Write a version's artifact to a file.", ExportAsync, Model, File),
        Sub("train", "Train a model on the services' own windows; the result becomes a challenger.", TrainAsync, Name, Token, Format),
    };

    private static Command Sub(string name, string description, Func<ParseResult, ControlPlaneClient, CancellationToken, Task<string?>> act, params Symbol[] symbols)
    {
        var command = new Command(name, description) { Silo };
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument) command.Add(argument);
            else command.Add((Option)symbol);
        }
        command.Run(async (parsed, cancellationToken) =>
        {
            using var http = Connect(parsed, symbols.Contains(Token));
            if (await act(parsed, new ControlPlaneClient(http), cancellationToken) is { } line) Console.WriteLine(line);
            return 0;
        });
        return command;
    }

    private static HttpClient Connect(ParseResult parsed, bool isChange)
    {
        var text = parsed.GetValue(Silo)!;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new CommandException($"--silo: '{text}' is no address of a silo: http://HOST:PORT");
        var http = new HttpClient { BaseAddress = new Uri(address.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/") };
        var token = isChange ? parsed.GetValue(Token) ?? Environment.GetEnvironmentVariable(TokenVariable) : null;
        if (!string.IsNullOrEmpty(token)) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    private static async Task<string?> ListAsync(ParseResult parsed, ControlPlaneClient client, CancellationToken cancellationToken)
    {
        var models = await client.GetModelsAsync(cancellationToken);
        if (IsJson(parsed)) return JsonSerializer.Serialize(models, Json);
        ModelTables.Print(models);
        return null;
    }

    private static async Task<string?> ShowAsync(ParseResult parsed, ControlPlaneClient client, CancellationToken cancellationToken)
    {
        var details = await client.GetModelAsync(Id(parsed), cancellationToken);
        if (IsJson(parsed)) return JsonSerializer.Serialize(details, Json);
        ModelTables.Print(details);
        return null;
    }

    private static async Task<string?> PromoteAsync(ParseResult parsed, ControlPlaneClient client, CancellationToken cancellationToken) =>
        $"{await client.PromoteModelAsync(Id(parsed), parsed.GetValue(Reason)!, cancellationToken)} is the champion";

    private static async Task<string?> ChallengeAsync(ParseResult parsed, ControlPlaneClient client, CancellationToken cancellationToken) =>
        $"{await client.ChallengeModelAsync(Id(parsed), cancellationToken)} is a challenger";

    private static async Task<string?> RollBackAsync(ParseResult parsed, ControlPlaneClient client, CancellationToken cancellationToken) =>
        $"{await client.RollBackModelAsync(parsed.GetValue(Reason)!, cancellationToken)} is the champion again";

    private static async Task<string?> ImportAsync(ParseResult parsed, ControlPlaneClient client, CancellationToken cancellationToken)
    {
        var (file, hasTrial) = (parsed.GetValue(File)!, !parsed.GetValue(NoTrial));
        if (!file.Exists) throw new CommandException($"there is no file {file}");
        var bytes = await System.IO.File.ReadAllBytesAsync(file.FullName, cancellationToken);
        try
        {
            ModelArtifact.Load(bytes);
        }
        catch (InvalidDataException e)
        {
            throw new CommandException($"{file}: {e.Message}");
        }
        return $"{await client.ImportModelAsync(bytes, hasTrial, cancellationToken)} registered{(hasTrial ? " as a challenger" : "")}";
    }

    private static async Task<string?> ExportAsync(ParseResult parsed, ControlPlaneClient client, CancellationToken cancellationToken)
    {
        var (id, file) = (Id(parsed), parsed.GetValue(File)!);
        if (file.Directory is { Exists: false } folder) throw new CommandException($"there is no folder {folder}");
        var bytes = await client.ExportModelAsync(id, cancellationToken);
        await System.IO.File.WriteAllBytesAsync(file.FullName, bytes, cancellationToken);
        return $"{id} in {file}, {bytes.Length} bytes";
    }

    private static async Task<string?> TrainAsync(ParseResult parsed, ControlPlaneClient client, CancellationToken cancellationToken)
    {
        var report = await client.TrainModelAsync(parsed.GetValue(Name)!, cancellationToken);
        if (report.State is "Failed") throw new CommandException(report.Message ?? "the training was refused");
        return IsJson(parsed) ? JsonSerializer.Serialize(report, Json) : $"training {report.Model} {report.Message}; 'models list' shows it when it is done";
    }

    private static string Id(ParseResult parsed)
    {
        var text = parsed.GetValue(Model)!;
        return ModelId.TryParse(text, out var id) ? id.ToString() : throw new CommandException($"'{text}' is no model version: NAME/MAJOR.MINOR.PATCH");
    }

    private static bool IsJson(ParseResult parsed) => parsed.GetValue(Format) == "json";

    private static Option<string> MakeFormat()
    {
        var option = new Option<string>("--format") { Description = "table or json.", DefaultValueFactory = _ => "table" };
        option.AcceptOnlyFromAmong("table", "json");
        return option;
    }
}
