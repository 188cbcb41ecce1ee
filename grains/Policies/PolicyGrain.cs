using ControlPlane.Core.Policies;
using ControlPlane.GrainInterfaces;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace ControlPlane.Grains.Policies;

/// <summary>Holds the policy of one scope and tells the workloads in it when it changes.</summary>
[GrainType("policy")]
public sealed partial class PolicyGrain(
    [PersistentState("policy", StorageNames.Grains)] IPersistentState<PolicyState> state,
    ILogger<PolicyGrain> logger) : Grain, IPolicyGrain
{
    /// <inheritdoc/>
    public async Task<PolicyAdmission> Put(PolicyDocument policy)
    {
        var scope = this.GetPrimaryKeyString();
        var admitted = policy with { Scope = scope, Version = state.State.LastVersion + 1 };
        var faults = PolicyValidator.Validate(admitted);
        if (faults.Length > 0) return new PolicyAdmission { InForce = state.State.Document, Faults = [.. faults.Select(f => $"{f.Path}: {f.Message}")] };

        await state.Replace(new PolicyState { Document = admitted, LastVersion = admitted.Version });
        LogAdmitted(scope, admitted.Version, admitted.Mode);
        await Announce(scope, admitted.Version);
        return new PolicyAdmission { InForce = admitted };
    }

    /// <inheritdoc/>
    public async Task Remove()
    {
        if (state.State.Document is null) return;
        await state.Replace(state.State with { Document = null });
        LogRemoved(this.GetPrimaryKeyString());
        await Announce(this.GetPrimaryKeyString(), 0);
    }

    /// <inheritdoc/>
    public Task<PolicyDocument?> Get() => Task.FromResult(state.State.Document);

    /// <inheritdoc/>
    public async Task<PolicyDocument> GetEffective()
    {
        if (state.State.Document is { } own) return own;
        return PolicyScope.Parent(this.GetPrimaryKeyString()) is { } parent
            ? await GrainFactory.GetGrain<IPolicyGrain>(parent).GetEffective()
            : new PolicyDocument();
    }

    private async Task Announce(string scope, long version)
    {
        var streams = this.GetStreamProvider(StreamNames.Provider);
        var change = new PolicyChange { Scope = scope, Version = version };
        foreach (var workload in await GrainFactory.ListWorkloads(scope))
            await streams.GetStream<PolicyChange>(StreamId.Create(StreamNames.Policies, workload.ToString())).OnNextAsync(change);
    }

    [LoggerMessage(1001, LogLevel.Information, "Policy of {Scope} is now version {Version}, mode {Mode}")]
    private partial void LogAdmitted(string scope, long version, PolicyMode mode);

    [LoggerMessage(1002, LogLevel.Information, "Policy of {Scope} removed")]
    private partial void LogRemoved(string scope);
}

/// <summary>What a policy grain stores.</summary>
[GenerateSerializer, Immutable, Alias("cp.PolicyState")]
public sealed record PolicyState
{
    /// <summary>The scope's policy; null when it has none.</summary>
    [Id(0)] public PolicyDocument? Document { get; init; }

    /// <summary>Highest version ever admitted; versions are not used twice.</summary>
    [Id(1)] public long LastVersion { get; init; }
}
