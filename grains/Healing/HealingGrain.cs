using ControlPlane.Core.Healing;
using ControlPlane.GrainInterfaces;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace ControlPlane.Grains.Healing;

/// <summary>Grants evictions of one cluster. Its memory is an hour long and not stored: after a restart it counts anew.</summary>
[GrainType("healing")]
public sealed partial class HealingGrain(ILogger<HealingGrain> logger) : Grain, IHealingGrain
{
    private ClusterHealing _cluster = ClusterHealing.Empty;

    /// <inheritdoc/>
    public Task<HealingAnswer> Ask(HealingWish wish)
    {
        (_cluster, var answer) = _cluster.Ask(wish);
        if (!answer.IsGranted || answer.Reason == HealingReason.NodeTrouble) LogCommon(answer.IsGranted, wish.Pod, wish.Workload, answer.Reason, answer.Evidence);
        return Task.FromResult(answer);
    }

    [LoggerMessage(1701, LogLevel.Warning, "Granted: {IsGranted}, the eviction of {Pod} of {Workload}: {Reason} {Evidence}")]
    private partial void LogCommon(bool isGranted, string pod, Core.Workloads.WorkloadId workload, HealingReason reason, string evidence);
}
