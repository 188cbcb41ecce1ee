using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ControlPlane.Core.Policies;

/// <summary>Reads a policy from YAML or JSON and reports every fault with its line.</summary>
public static class PolicyReader
{
    /// <summary>The policy, or every fault as <c>source:line: property: value and rule</c>.</summary>
    /// <param name="text">YAML; JSON is read as the subset of YAML that it is.</param>
    /// <param name="source">Name of the file for messages.</param>
    /// <param name="inherited">The policy in force for the next wider scope, which says what the text does not; null: the built-in default.</param>
    /// <param name="scope">What it applies to where the text does not say.</param>
    public static PolicyReadResult Read(string text, string source, PolicyDocument? inherited = null, string scope = "")
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            return PolicyReadResult.Failed($"{source}:{e.Start.Line}: not YAML: {e.InnerException?.Message ?? e.Message}");
        }
        if (stream.Documents.Count != 1) return PolicyReadResult.Failed($"{source}: expected one policy, found {stream.Documents.Count} documents");
        if (stream.Documents[0].RootNode is not YamlMappingNode root) return PolicyReadResult.Failed($"{source}:1: expected a mapping of policy properties");

        var section = new PolicySection(root, "");
        var policy = PolicyFields.Document.Read(section, (inherited ?? new PolicyDocument()) with { Scope = "", Version = 0 });
        var written = section.Written.ToHashSet(StringComparer.Ordinal);
        var errors = section.Errors.Concat(BrokenRules(policy, policy.Scope.Length > 0 ? policy.Scope : scope, section, written)).OrderBy(e => e.Line).ToList();
        return new PolicyReadResult
        {
            Policy = errors.Count == 0 ? policy : null,
            Scope = policy.Scope,
            Written = [.. PolicyInheritance.Fields.Where(written.Contains)],
            Errors = [.. errors.Select(e => $"{source}:{e.Line}: {e.Path}: {e.Message}")],
        };
    }

    /// <summary>What could not be read has its default here: a rule that this breaks is no second fault.</summary>
    private static IEnumerable<PolicyError> BrokenRules(PolicyDocument policy, string scope, PolicySection section, HashSet<string> written)
    {
        bool IsUnread(string? path) => path is not null && section.Errors.Exists(e => e.Path == path);
        if (BudgetCheck.Misplaced(scope, written.Contains(PolicyFields.Teams)) is { } misplaced) yield return new PolicyError(section.LineOf(misplaced.Path), misplaced.Path, misplaced.Message);
        foreach (var fault in PolicyValidator.Validate(policy))
        {
            if (IsUnread(fault.Path) || IsUnread(fault.Other)) continue;
            // Lists are taken as a whole: nothing of their items is inherited.
            var isOthers = !fault.Path.Contains('[') && !written.Contains(fault.Path) && fault.Other is { } other && written.Contains(other);
            yield return isOthers
                ? new PolicyError(section.LineOf(fault.Other!), fault.Path, $"{fault.Message} ({fault.Path} is inherited)")
                : new PolicyError(section.LineOf(fault.Path), fault.Path, fault.Message);
        }
    }
}

/// <summary>A policy that was read, or why it was not.</summary>
public sealed record PolicyReadResult
{
    /// <summary>The policy with what it inherits; null when there are errors.</summary>
    public PolicyDocument? Policy { get; init; }

    /// <summary>The scope that the text names; empty when it names none.</summary>
    public string Scope { get; init; } = "";

    /// <summary>The properties that the text itself holds, of <see cref="PolicyInheritance.Fields"/>.</summary>
    public ImmutableArray<string> Written { get; init; } = [];

    /// <summary>Every fault, one line each, in the order of the text.</summary>
    public ImmutableArray<string> Errors { get; init; } = [];

    internal static PolicyReadResult Failed(string error) => new() { Errors = [error] };
}
