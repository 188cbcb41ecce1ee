using ControlPlane.Core.Healing;

namespace ControlPlane.GrainInterfaces;

/// <summary>What the workloads of one cluster wish to evict: it sees what no single workload can. Key: the cluster.</summary>
[Alias("cp.IHealingGrain")]
public interface IHealingGrain : IGrainWithStringKey
{
    /// <summary>Answers a wish to evict a pod.</summary>
    [Alias("Ask")]
    Task<HealingAnswer> Ask(HealingWish wish);
}
