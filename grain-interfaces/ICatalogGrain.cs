using System.Collections.Immutable;
using ControlPlane.Core.Workloads;
using Orleans.Concurrency;

namespace ControlPlane.GrainInterfaces;

/// <summary>One shard of the list of registered workloads. Key: one of <see cref="CatalogShards.Keys"/>.</summary>
[Alias("cp.ICatalogGrain")]
public interface ICatalogGrain : IGrainWithStringKey
{
    /// <summary>Lists the workload and registers it with its service grain; both are stored when the call returns.</summary>
    [Alias("Register")]
    Task Register(WorkloadSpec spec);

    /// <summary>Removes the workload from its service grain and from the list; false when it was not listed.</summary>
    [Alias("Unregister")]
    Task<bool> Unregister(WorkloadId workload);

    /// <summary>The shard's workloads whose id starts with the scope (<c>cluster</c>, <c>cluster/namespace</c>, an id, or empty for all), sorted by text.</summary>
    [Alias("List"), AlwaysInterleave]
    Task<ImmutableArray<WorkloadId>> List(string scope);
}
