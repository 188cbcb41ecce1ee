using System.Collections.Immutable;
using ControlPlane.Core.Workloads;

namespace ControlPlane.GrainInterfaces;

/// <summary>Short ways to the grains of a workload.</summary>
public static class GrainFactoryExtensions
{
    /// <summary>The shard that lists a workload.</summary>
    public static ICatalogGrain Catalog(this IGrainFactory grains, WorkloadId workload) => grains.GetGrain<ICatalogGrain>(CatalogShards.For(workload));

    /// <summary>Every listed workload of a scope, sorted by text.</summary>
    public static async Task<ImmutableArray<WorkloadId>> ListWorkloads(this IGrainFactory grains, string scope)
    {
        var found = new List<WorkloadId>();
        foreach (var shard in CatalogShards.Keys) found.AddRange(await grains.GetGrain<ICatalogGrain>(shard).List(scope));
        found.Sort((a, b) => string.CompareOrdinal(a.ToString(), b.ToString()));
        return [.. found];
    }
}
