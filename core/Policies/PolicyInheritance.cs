using System.Collections.Immutable;

namespace ControlPlane.Core.Policies;

/// <summary>How policies of narrower scopes take from wider ones what they do not say themselves.</summary>
public static class PolicyInheritance
{
    /// <summary>The properties that are inherited one by one, in the order of the text; lists are taken as a whole.</summary>
    public static ImmutableArray<string> Fields { get; } = [.. PolicyFields.Document.Leaves("").Where(f => f is not ("version" or "scope"))];

    /// <summary>The fault of a policy that declares teams elsewhere than for the cluster; null when there is none.</summary>
    /// <param name="scope">The policy's scope.</param>
    /// <param name="own">The policy.</param>
    /// <param name="written">The properties that it wrote; null: all.</param>
    public static PolicyFault? MisplacedTeams(string scope, PolicyDocument own, ImmutableArray<string>? written) =>
        BudgetCheck.Misplaced(scope, written is { } fields ? fields.Contains(PolicyFields.Teams) : !own.Teams.IsEmpty);

    /// <summary>The wide scope's policy with what the narrow one wrote; scope and version are the narrow one's.</summary>
    /// <param name="wide">The policy in force for the wider scope.</param>
    /// <param name="narrow">The narrower scope's; only its written properties count.</param>
    /// <param name="written">Properties that the narrower scope wrote, of <see cref="Fields"/>.</param>
    public static PolicyDocument Merge(PolicyDocument wide, PolicyDocument narrow, ImmutableArray<string> written) =>
        PolicyFields.Document.Merge(wide, narrow, written.ToHashSet(StringComparer.Ordinal), "") with { Scope = narrow.Scope, Version = narrow.Version };

    /// <summary>A policy that says everything itself, with the teams of the cluster, which are not a narrower scope's to say.</summary>
    /// <param name="wide">The policy in force for the wider scope.</param>
    /// <param name="whole">The narrower scope's.</param>
    public static PolicyDocument WithTeams(PolicyDocument wide, PolicyDocument whole) => whole with { Teams = wide.Teams };

    /// <summary>The properties in which two policies differ, with both values as JSON.</summary>
    public static ImmutableArray<PolicyFieldChange> Changes(PolicyDocument? before, PolicyDocument? after)
    {
        var (old, next) = (PolicyText.Values(before), PolicyText.Values(after));
        return
        [
            .. Fields.Select(f => new PolicyFieldChange { Field = f, Before = old.GetValueOrDefault(f), After = next.GetValueOrDefault(f) })
                .Where(c => c.Before != c.After),
        ];
    }
}

/// <summary>A property that a change of a policy touched.</summary>
[GenerateSerializer, Immutable, Alias("cp.PolicyFieldChange")]
public sealed record PolicyFieldChange
{
    /// <summary>The property, for example <c>objective.latency</c>.</summary>
    [Id(0)] public required string Field { get; init; }

    /// <summary>Its value before, as JSON; null when there was none.</summary>
    [Id(1)] public string? Before { get; init; }

    /// <summary>Its value after, as JSON; null when there is none.</summary>
    [Id(2)] public string? After { get; init; }
}
