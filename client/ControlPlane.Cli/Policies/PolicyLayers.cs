using System.Collections.Immutable;
using ControlPlane.Core.Policies;

namespace ControlPlane.Cli.Policies;

/// <summary>One policy file with what it inherits from the others that are checked with it.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Scope">What it applies to; empty when it does not say.</param>
/// <param name="InForce">The policy in force for the scope; null when there are errors.</param>
/// <param name="Origins">Where each property comes from; one that is not in it has the built-in default.</param>
/// <param name="Errors">Every fault, one line each.</param>
internal sealed record PolicyLayer(
    string File, string Scope, PolicyDocument? InForce, ImmutableSortedDictionary<string, string> Origins, ImmutableArray<string> Errors);

/// <summary>Puts policy files over each other by their scopes: cluster, namespace, workload.</summary>
internal static class PolicyLayers
{
    private static readonly ImmutableSortedDictionary<string, string> NoOrigins = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Every file with what it inherits, in the order in which they were given.</summary>
    public static IReadOnlyList<PolicyLayer> Resolve(IReadOnlyList<(string File, string Text)> files, string? scope)
    {
        var scopes = files.Select(f => PolicyReader.Read(f.Text, f.File).Scope is { Length: > 0 } written ? written : scope ?? "").ToArray();
        var layers = new PolicyLayer[files.Count];
        foreach (var i in Enumerable.Range(0, files.Count).OrderBy(i => scopes[i].Count(c => c == '/')))
        {
            var twin = Enumerable.Range(0, i).FirstOrDefault(j => scopes[j].Length > 0 && scopes[j] == scopes[i], -1);
            var made = Read(files[i], scopes[i], Wider(layers, scopes[i]));
            layers[i] = twin < 0 ? made : made with { Errors = made.Errors.Add($"{files[i].File}: scope: '{scopes[i]}' is that of {files[twin].File} too") };
        }
        return layers;
    }

    private static PolicyLayer Read((string File, string Text) file, string scope, PolicyLayer? wider)
    {
        var result = PolicyReader.Read(file.Text, file.File, wider?.InForce, scope);
        var origins = (wider?.Origins ?? NoOrigins).SetItems(result.Written.Select(field => KeyValuePair.Create(field, file.File)));
        var inForce = result.Policy is { } policy ? policy with { Scope = scope } : null;
        var faults = inForce is null || result.Scope.Length > 0 ? [] : PolicyValidator.Validate(inForce).Select(f => $"{file.File}: {f.Path}: {f.Message}");
        return new PolicyLayer(file.File, scope, inForce, origins, [.. result.Errors, .. faults]);
    }

    /// <summary>The next wider file that can be inherited from.</summary>
    private static PolicyLayer? Wider(PolicyLayer?[] layers, string scope)
    {
        for (var parent = PolicyScope.Parent(scope); parent is not null; parent = PolicyScope.Parent(parent))
            if (Array.Find(layers, l => l is { InForce: not null, Errors.IsEmpty: true } && l.Scope == parent) is { } found) return found;
        return null;
    }
}
