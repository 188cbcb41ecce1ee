using System.Collections.Immutable;
using ControlPlane.Core.Policies;
using Orleans.Concurrency;

namespace ControlPlane.GrainInterfaces;

/// <summary>
/// The policy of one scope. Key: <c>cluster</c>, <c>cluster/namespace</c> or a workload id. What a scope's policy does not write it takes from the
/// next wider scope's.
/// </summary>
[Alias("cp.IPolicyGrain")]
public interface IPolicyGrain : IGrainWithStringKey
{
    /// <summary>Admits a policy that says everything itself and tells every workload of the scope, or says what is wrong and keeps the last good one.</summary>
    [Alias("Put")]
    Task<PolicyAdmission> Put(PolicyDocument policy);

    /// <summary>As <see cref="Put"/>, of a policy that takes from the wider scopes what it did not write.</summary>
    /// <param name="proposal">The policy.</param>
    /// <param name="by">Who asks for the change, for the record of changes.</param>
    [Alias("Propose")]
    Task<PolicyAdmission> Propose(PolicyProposal proposal, string by);

    /// <summary>What <see cref="Propose"/> would answer; nothing is changed.</summary>
    [Alias("Check"), AlwaysInterleave]
    Task<PolicyAdmission> Check(PolicyProposal proposal);

    /// <summary>Removes the scope's own policy, so that the wider scope's holds again; refused where a narrower scope's policy would be faulty without it.</summary>
    [Alias("Remove")]
    Task<PolicyAdmission> Remove();

    /// <summary>As <see cref="Remove"/>.</summary>
    /// <param name="by">Who asks for the change, for the record of changes.</param>
    [Alias("Withdraw")]
    Task<PolicyAdmission> Withdraw(string by);

    /// <summary>The scope's own policy as it was admitted, with what it inherited then; null when it has none.</summary>
    [Alias("Get"), AlwaysInterleave]
    Task<PolicyDocument?> Get();

    /// <summary>
    /// The policy in force: the wider scope's with what the scope's own wrote, else the built-in default. Where that is faulty, because both were changed at one
    /// moment, the last good one.
    /// </summary>
    [Alias("GetEffective"), AlwaysInterleave]
    Task<PolicyDocument> GetEffective();

    /// <summary>What the scope's policy would be if the wider scope's were another.</summary>
    [Alias("Preview"), AlwaysInterleave]
    Task<PolicyAdmission> Preview(PolicyDocument wider);

    /// <summary>The newest changes that are kept, newest first.</summary>
    [Alias("GetChanges"), AlwaysInterleave]
    Task<ImmutableArray<PolicyAudit>> GetChanges();
}

/// <summary>A policy that is to be admitted.</summary>
[GenerateSerializer, Immutable, Alias("cp.PolicyProposal")]
public sealed record PolicyProposal
{
    /// <summary>The policy; only its written properties count.</summary>
    [Id(0)] public required PolicyDocument Document { get; init; }

    /// <summary>The properties that were written, of <see cref="PolicyInheritance.Fields"/>; null: all.</summary>
    [Id(1)] public ImmutableArray<string>? Written { get; init; }
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

/// <summary>One change of a scope's policy.</summary>
[GenerateSerializer, Immutable, Alias("cp.PolicyAudit")]
public sealed record PolicyAudit
{
    /// <summary>When, UTC.</summary>
    [Id(0)] public required DateTimeOffset Time { get; init; }

    /// <summary>Who asked for it.</summary>
    [Id(1)] public required string By { get; init; }

    /// <summary>The version that was admitted; 0 when the policy was removed.</summary>
    [Id(2)] public required long Version { get; init; }

    /// <summary>What is different in the policy in force for the scope.</summary>
    [Id(3)] public ImmutableArray<PolicyFieldChange> Changes { get; init; } = [];
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
