using ControlPlane.Core.Healing;
using ControlPlane.GrainInterfaces;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace ControlPlane.Grains.Healing;

/// <summary>
/// Grants evictions of one cluster. What it grants is stored before it answers, so that the limits hold over a crash; a wish that it refuses
/// is stored with the next grant.
/// </summary>
[GrainType("healing")]
public sealed partial class HealingGrain(
    [PersistentState("healing", StorageNames.Grains)] IPersistentState<HealingGrainState> state,
    ILogger<HealingGrain> logger) : Grain, IHealingGrain
{
    /// <inheritdoc/>
    public async Task<HealingAnswer> Ask(HealingWish wish)
    {
        var (after, answer) = state.State.Cluster.Ask(wish);
        if (answer.IsGranted) await state.Replace(new HealingGrainState { Cluster = after });
        else state.State = new HealingGrainState { Cluster = after };
        if (!answer.IsGranted || answer.Reason == HealingReason.NodeTrouble) LogCommon(answer.IsGranted, wish.Pod, wish.Workload, answer.Reason, answer.Evidence);
        return answer;
    }

    [LoggerMessage(1701, LogLevel.Warning, "Granted: {IsGranted}, the eviction of {Pod} of {Workload}: {Reason} {Evidence}")]
    private partial void LogCommon(bool isGranted, string pod, Core.Workloads.WorkloadId workload, HealingReason reason, string evidence);
}

/// <summary>What a healing grain stores.</summary>
[GenerateSerializer, Immutable, Alias("cp.HealingGrainState")]
public sealed record HealingGrainState
{
    /// <summary>What the cluster's workloads wished, and what was granted.</summary>
    [Id(0)] public ClusterHealing Cluster { get; init; } = ClusterHealing.Empty;
}
