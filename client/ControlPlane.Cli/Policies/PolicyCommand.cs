using System.CommandLine;
using System.Globalization;
using ControlPlane.Client;
using ControlPlane.Core.Policies;
using ControlPlane.Silo;

namespace ControlPlane.Cli.Policies;

/// <summary><c>controlplane policy</c>: policies before they are put, their schema, and what became of them.</summary>
internal static class PolicyCommand
{
    private static readonly Argument<FileInfo[]> Files = new("FILE") { Description = "Policies, YAML or JSON. Several are put over each other by their scopes.", Arity = ArgumentArity.OneOrMore };
    private static readonly Argument<string> ScopeArgument = new("SCOPE") { Description = "cluster, cluster/namespace or cluster/namespace/kind/name." };
    private static readonly Option<string?> Scope = new("--scope") { Description = "What a file applies to that names no scope itself." };
    private static readonly Option<string?> DryRunAt = new("--silo") { Description = "Ask a silo that runs what it would answer; nothing is changed there. Each file needs a scope.", HelpName = "URL" };
    private static readonly Option<string> Silo = new("--silo") { Description = "Address of a silo.", DefaultValueFactory = _ => SiloApp.DefaultUrl, HelpName = "URL" };

    public static Command Make()
    {
        var check = new Command("check", "Name every fault of policies with its line, and the policy that would be in force; exit code 1 when there is a fault.") { Files, Scope, DryRunAt };
        check.Run(CheckAsync);
        var schema = new Command("schema", "Print the JSON Schema of policies, for editors.");
        schema.Run((_, _) =>
        {
            Console.Write(PolicySchema.Text);
            return Task.FromResult(0);
        });
        var history = new Command("history", "The newest changes of a scope's policy: when, by whom, what.") { ScopeArgument, Silo };
        history.Run(HistoryAsync);
        return new Command("policy", "How services are to be scaled: checked before it is put, published as a schema, its changes.") { check, schema, history };
    }

    private static async Task<int> CheckAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var files = parsed.GetValue(Files)!.Select(file => (file.ToString(), PolicyFile.Text(file))).ToList();
        var layers = PolicyLayers.Resolve(files, parsed.GetValue(Scope));
        using var http = parsed.GetValue(DryRunAt) is { } address ? SiloClient.Connect(address) : null;
        var isSound = true;
        for (var i = 0; i < layers.Count; i++)
        {
            var layer = http is null ? layers[i] : await AskAsync(new ControlPlaneClient(http), layers[i], files[i].Item2, cancellationToken);
            if (layer.Errors.IsEmpty) Print(layer, isFromSilo: http is not null);
            foreach (var error in layer.Errors) Console.Error.WriteLine(error);
            isSound &= layer.Errors.IsEmpty;
        }
        return isSound ? 0 : CommandRunner.Failed;
    }

    /// <summary>What a silo would answer; where the text itself is faulty it need not be asked.</summary>
    private static async Task<PolicyLayer> AskAsync(ControlPlaneClient client, PolicyLayer layer, string text, CancellationToken cancellationToken)
    {
        if (layer.Scope.Length == 0) throw new CommandException($"{layer.File}: scope: is missing; --silo needs it, in the file or as --scope");
        try
        {
            var answer = await client.CheckPolicyAsync(layer.Scope, text, cancellationToken);
            var own = PolicyReader.Read(text, layer.File).Written;
            var inForce = System.Text.Json.JsonSerializer.Deserialize<PolicyDocument>(answer, Core.CoreJson.Options);
            return layer with { InForce = inForce, Origins = layer.Origins.Clear().AddRange(own.Select(field => KeyValuePair.Create(field, layer.File))), Errors = [] };
        }
        catch (ControlPlaneException e) when (e.StatusCode == System.Net.HttpStatusCode.UnprocessableEntity)
        {
            var faults = e.Message.Split('\n').Skip(1).Select(line => line.Trim());
            return layer with { InForce = null, Errors = [.. faults.Select(f => f.StartsWith("policy:", StringComparison.Ordinal) ? layer.File + f["policy".Length..] : $"{layer.File}: {f}")] };
        }
    }

    private static void Print(PolicyLayer layer, bool isFromSilo)
    {
        var scope = layer.Scope.Length == 0 ? "whatever it is put to" : layer.Scope;
        Console.WriteLine($"# {layer.File}: sound; in force for {scope} would be:");
        var rest = isFromSilo ? "inherited or built in" : null;
        Console.WriteLine(PolicyText.ToYaml(layer.InForce! with { Version = 0 }, field => field is "scope" or "version" ? null : layer.Origins.GetValueOrDefault(field) ?? rest));
    }

    private static async Task<int> HistoryAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var scope = parsed.GetValue(ScopeArgument)!;
        using var http = SiloClient.Connect(parsed.GetValue(Silo)!);
        var changes = await new ControlPlaneClient(http).GetPolicyChangesAsync(scope, cancellationToken);
        if (changes.Count == 0) Console.WriteLine($"no change of the policy of {scope} is kept");
        foreach (var change in changes)
        {
            var what = change.Version == 0 ? "removed" : string.Create(CultureInfo.InvariantCulture, $"version {change.Version}");
            Console.WriteLine($"{change.Time.ToString("u", CultureInfo.InvariantCulture)}  {what}, by {change.By}{(change.Changes.Count == 0 ? ", nothing is different" : "")}");
            foreach (var field in change.Changes) Console.WriteLine($"  {field.Field}: {field.Before ?? "nothing"} → {field.After ?? "nothing"}");
        }
        return 0;
    }
}
