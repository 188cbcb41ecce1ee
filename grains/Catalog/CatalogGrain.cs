using System.Collections.Immutable;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Workloads;
using ControlPlane.GrainInterfaces;
using Orleans.Runtime;

namespace ControlPlane.Grains.Catalog;

/// <summary>One shard of the list of workloads. It lists first and registers second, so that what was acknowledged is always found again.</summary>
[GrainType("catalog")]
public sealed class CatalogGrain([PersistentState("catalog", StorageNames.Grains)] IPersistentState<CatalogState> state) : Grain, ICatalogGrain
{
    /// <inheritdoc/>
    public async Task Register(WorkloadSpec spec)
    {
        if (!state.State.Workloads.Contains(spec.Id)) await state.Replace(new CatalogState { Workloads = state.State.Workloads.Add(spec.Id) });
        await GrainFactory.GetGrain<IServiceGrain>(spec.Id.ToString()).Register(spec);
    }

    /// <inheritdoc/>
    public async Task<bool> Unregister(WorkloadId workload)
    {
        if (!state.State.Workloads.Contains(workload)) return false;
        await GrainFactory.GetGrain<IServiceGrain>(workload.ToString()).Unregister();
        await GrainFactory.GetGrain<IDecisionGrain>(workload.ToString()).LeaveTeam();
        await state.Replace(new CatalogState { Workloads = state.State.Workloads.Remove(workload) });
        return true;
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<WorkloadId>> List(string scope) =>
        Task.FromResult(state.State.Workloads.Where(w => PolicyScope.Contains(scope, w)).OrderBy(w => w.ToString(), StringComparer.Ordinal).ToImmutableArray());
}

/// <summary>What a shard stores.</summary>
[GenerateSerializer, Immutable, Alias("cp.CatalogState")]
public sealed record CatalogState
{
    /// <summary>The listed workloads in the order of their registration.</summary>
    [Id(0)] public ImmutableArray<WorkloadId> Workloads { get; init; } = [];
}
