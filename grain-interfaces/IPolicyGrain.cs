using System.Collections.Immutable;
using ControlPlane.Core.Policies;
using Orleans.Concurrency;

namespace ControlPlane.GrainInterfaces;

/// <summary>
/// The policy of one scope. Key: <c>cluster</c>, <c>cluster/namespace</c> or a workload id.
/// </summary>
[Alias("cp.IPolicyGrain")]
public interface IPolicyGrain : IGrainWithStringKey
{
    /// <summary>Admits a policy and tells every workload of the scope, or says what is wrong and keeps the last good one.</summary>
    [Alias("Put")]
    Task<PolicyAdmission> Put(PolicyDocument policy);

    /// <summary>Removes the scope's own policy; the wider scope's holds again.</summary>
    [Alias("Remove")]
    Task Remove();

    /// <summary>The scope's own policy; null when it has none.</summary>
    [Alias("Get"), AlwaysInterleave]
    Task<PolicyDocument?> Get();

    /// <summary>The policy in force: the scope's own, else the next wider scope's, else the built-in default.</summary>
    [Alias("GetEffective"), AlwaysInterleave]
    Task<PolicyDocument> GetEffective();
}

/// <summary>Whether a policy was admitted.</summary>
[GenerateSerializer, Immutable, Alias("cp.PolicyAdmission")]
public sealed record PolicyAdmission
{
    /// <summary>The policy in force for the scope after the call; null when it has none of its own.</summary>
    [Id(0)] public PolicyDocument? InForce { get; init; }

    /// <summary>Every fault as <c>property: value and rule</c>; empty when the policy was admitted.</summary>
    [Id(1)] public ImmutableArray<string> Faults { get; init; } = [];
}

/// <summary>Says that the policy of a scope changed; whoever it concerns asks for the one in force.</summary>
[GenerateSerializer, Immutable, Alias("cp.PolicyChange")]
public sealed record PolicyChange
{
    /// <summary>The scope whose policy changed.</summary>
    [Id(0)] public required string Scope { get; init; }

    /// <summary>Its new version; 0 after a removal.</summary>
    [Id(1)] public required long Version { get; init; }
}
