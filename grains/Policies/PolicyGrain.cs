using System.Collections.Immutable;
using ControlPlane.Core.Policies;
using ControlPlane.GrainInterfaces;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace ControlPlane.Grains.Policies;

/// <summary>Holds the policy of one scope and tells the workloads in it when it changes.</summary>
[GrainType("policy")]
public sealed partial class PolicyGrain(
    [PersistentState("policy", StorageNames.Grains)] IPersistentState<PolicyState> state,
    TimeProvider time,
    ILogger<PolicyGrain> logger) : Grain, IPolicyGrain
{
    /// <summary>Changes that are kept.</summary>
    public const int KeptChanges = 32;

    private const string Program = "program";

    private long _lastFaulty = -1;

    private string Scope => this.GetPrimaryKeyString();

    private bool IsWidest => PolicyScope.Parent(Scope) is null;

    /// <inheritdoc/>
    public Task<PolicyAdmission> Put(PolicyDocument policy) => Propose(new PolicyProposal { Document = policy }, Program);

    /// <inheritdoc/>
    public async Task<PolicyAdmission> Propose(PolicyProposal proposal, string by)
    {
        var before = await GetEffective();
        var answer = await Check(proposal);
        if (answer.Faults.Length > 0)
        {
            LogRefused(Scope, by, string.Join("; ", answer.Faults));
            return answer;
        }
        var admitted = answer.InForce!;
        await Store(new PolicyState { Document = admitted, LastVersion = admitted.Version, Written = proposal.Written }, before, admitted, by);
        LogAdmitted(Scope, admitted.Version, admitted.Mode, by);
        await Announce(admitted.Version);
        return answer;
    }

    /// <inheritdoc/>
    public async Task<PolicyAdmission> Check(PolicyProposal proposal)
    {
        var candidate = await Resolve(proposal.Document with { Scope = Scope, Version = state.State.LastVersion + 1 }, proposal.Written);
        var faults = Faults(candidate);
        if (PolicyInheritance.MisplacedTeams(Scope, proposal.Document, proposal.Written) is { } misplaced) faults = faults.Insert(0, $"{misplaced.Path}: {misplaced.Message}");
        if (faults.IsEmpty) faults = await NarrowerScopes.FaultsUnder(GrainFactory, Scope, candidate);
        return faults.IsEmpty ? new PolicyAdmission { InForce = candidate } : new PolicyAdmission { InForce = state.State.Document, Faults = faults };
    }

    /// <inheritdoc/>
    public Task<PolicyAdmission> Remove() => Withdraw(Program);

    /// <inheritdoc/>
    public async Task<PolicyAdmission> Withdraw(string by)
    {
        if (state.State.Document is null) return new PolicyAdmission();
        var (before, after) = (await GetEffective(), await Wider());
        var faults = await NarrowerScopes.FaultsUnder(GrainFactory, Scope, after);
        if (faults.Length > 0)
        {
            LogRefused(Scope, by, string.Join("; ", faults));
            return new PolicyAdmission { InForce = state.State.Document, Faults = faults };
        }
        await Store(state.State with { Document = null, Written = null }, before, after, by);
        LogRemoved(Scope, by);
        await Announce(0);
        return new PolicyAdmission();
    }

    /// <inheritdoc/>
    public Task<PolicyDocument?> Get() => Task.FromResult(state.State.Document);

    /// <inheritdoc/>
    public async Task<PolicyDocument> GetEffective()
    {
        if (state.State.Document is not { } own) return await Wider();
        if (state.State.Written is null && own.Team is null) return own;
        var merged = await Resolve(own, state.State.Written);
        if (Faults(merged).IsEmpty) return merged;
        if (_lastFaulty != own.Version) LogFaulty(Scope, own.Version, string.Join("; ", Faults(merged)));
        _lastFaulty = own.Version;
        return own;
    }

    /// <inheritdoc/>
    public Task<PolicyAdmission> Preview(PolicyDocument wider)
    {
        if (state.State.Document is not { } own) return Task.FromResult(new PolicyAdmission { InForce = wider });
        if (state.State.Written is null && own.Team is null) return Task.FromResult(new PolicyAdmission { InForce = own });
        var merged = Merge(wider, own, state.State.Written);
        return Task.FromResult(new PolicyAdmission { InForce = merged, Faults = Faults(merged) });
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<PolicyAudit>> GetChanges() => Task.FromResult(state.State.Changes);

    private static ImmutableArray<string> Faults(PolicyDocument policy) => [.. PolicyValidator.Validate(policy).Select(f => $"{f.Path}: {f.Message}")];

    private async Task<PolicyDocument> Resolve(PolicyDocument own, ImmutableArray<string>? written) =>
        written is null && (own.Team is null || IsWidest) ? own : Merge(await Wider(), own, written);

    private PolicyDocument Merge(PolicyDocument wider, PolicyDocument own, ImmutableArray<string>? written) =>
        written is { } fields ? PolicyInheritance.Merge(wider, own, fields) : IsWidest ? own : PolicyInheritance.WithTeams(wider, own);

    private async Task<PolicyDocument> Wider() => PolicyScope.Parent(Scope) is { } parent
        ? await GrainFactory.GetGrain<IPolicyGrain>(parent).GetEffective()
        : new PolicyDocument();

    private Task Store(PolicyState next, PolicyDocument before, PolicyDocument after, string by)
    {
        var audit = new PolicyAudit { Time = time.GetUtcNow(), By = by, Version = next.Document?.Version ?? 0, Changes = PolicyInheritance.Changes(before, after) };
        return state.Replace(next with { Changes = [audit, .. state.State.Changes.Take(KeptChanges - 1)] });
    }

    private async Task Announce(long version)
    {
        var streams = this.GetStreamProvider(StreamNames.Provider);
        var change = new PolicyChange { Scope = Scope, Version = version };
        foreach (var workload in await GrainFactory.ListWorkloads(Scope))
            await streams.GetStream<PolicyChange>(StreamId.Create(StreamNames.Policies, workload.ToString())).OnNextAsync(change);
    }

    [LoggerMessage(1001, LogLevel.Information, "Policy of {Scope} is now version {Version}, mode {Mode}, asked for by {By}")]
    private partial void LogAdmitted(string scope, long version, PolicyMode mode, string by);

    [LoggerMessage(1002, LogLevel.Information, "Policy of {Scope} removed, asked for by {By}")]
    private partial void LogRemoved(string scope, string by);

    [LoggerMessage(1003, LogLevel.Warning, "Policy of {Scope} was refused, asked for by {By}: {Faults}")]
    private partial void LogRefused(string scope, string by, string faults);

    [LoggerMessage(1004, LogLevel.Warning, "Policy of {Scope}, version {Version}, is faulty with what it inherits now; it holds as it was admitted: {Faults}")]
    private partial void LogFaulty(string scope, long version, string faults);
}

/// <summary>What a policy grain stores.</summary>
[GenerateSerializer, Immutable, Alias("cp.PolicyState")]
public sealed record PolicyState
{
    /// <summary>The scope's policy as it was admitted, with what it inherited then; null when it has none.</summary>
    [Id(0)] public PolicyDocument? Document { get; init; }

    /// <summary>Highest version ever admitted; versions are not used twice.</summary>
    [Id(1)] public long LastVersion { get; init; }

    /// <summary>The properties that the policy itself wrote; null: all, as in policies of programs and of earlier versions.</summary>
    [Id(2)] public ImmutableArray<string>? Written { get; init; }

    /// <summary>The newest changes, newest first, at most <see cref="PolicyGrain.KeptChanges"/>.</summary>
    [Id(3)] public ImmutableArray<PolicyAudit> Changes { get; init; } = [];
}
