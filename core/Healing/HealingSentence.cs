namespace ControlPlane.Core.Healing;

/// <summary>Says in one sentence what healing does and why.</summary>
internal static class HealingSentence
{
    public static string Of(HealingDecision decision)
    {
        var evidence = decision.Evidence.IsEmpty ? "" : $" ({string.Join("; ", decision.Evidence)})";
        return $"{(decision.IsActionable || decision.Action == HealingAction.None ? "" : "would: ")}{What(decision)}: {Why(decision)}{evidence}";
    }

    private static string What(HealingDecision d) => d.Action switch
    {
        HealingAction.HoldScaleIn => "takes no replicas away",
        HealingAction.PreferForRemoval => $"lets {d.Fault?.Pod} go first when replicas are taken away",
        HealingAction.EvictPod => $"evicts {d.Fault?.Pod}",
        HealingAction.UndoScaleIn => $"brings {d.FloorReplicas} replicas back",
        _ => d.Fault is { } fault ? $"leaves {fault.Pod} alone" : "does nothing",
    };

    private static string Why(HealingDecision d) => d.Reason switch
    {
        HealingReason.Healthy => "nothing is wrong",
        HealingReason.PodFault => $"the pod's fault is {d.Fault?.Kind}",
        HealingReason.NodeTrouble => $"the node {d.Fault?.Node} is in trouble",
        HealingReason.CommonCause => $"the trouble is common to many pods, its cause is {d.Cause}",
        HealingReason.ScaleInHurt => "the objective is missed since replicas were taken away",
        HealingReason.Disabled => "the policy does not let pods be healed",
        HealingReason.BudgetSpent => "as many pods are unavailable as the policy allows",
        HealingReason.CoolingDown => "the last eviction was a short time ago",
        HealingReason.LimitReached => "the workload had as many evictions as the policy allows",
        HealingReason.AlreadyDone => "it was evicted already",
        HealingReason.DoesNotHelp => "successors of evicted pods have the same fault",
        HealingReason.ClusterLimit => "too many pods of the cluster were evicted lately",
        HealingReason.ClusterCause => "many workloads of the cluster are in trouble at once",
        HealingReason.WaitsForNode => $"the cluster may not have noticed yet that the node {d.Fault?.Node} is gone, and would send the next pod there",
        HealingReason.Harmless => "it does no harm",
        _ => "the cluster's permission could not be asked for",
    };
}
