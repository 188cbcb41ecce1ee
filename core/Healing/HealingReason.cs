namespace ControlPlane.Core.Healing;

/// <summary>Why healing does what it does. Numbers stay for ever.</summary>
[GenerateSerializer, Alias("cp.HealingReason")]
public enum HealingReason
{
    /// <summary>Nothing is wrong.</summary>
    Healthy = 0,

    /// <summary>A pod is faulty.</summary>
    PodFault = 1,

    /// <summary>A node is in trouble: its pods are moved off.</summary>
    NodeTrouble = 2,

    /// <summary>The trouble is common to most pods: taking pods away would make it worse.</summary>
    CommonCause = 3,

    /// <summary>The workload misses its objective since replicas were taken away.</summary>
    ScaleInHurt = 4,

    /// <summary>The policy does not let pods be healed.</summary>
    Disabled = 5,

    /// <summary>As many pods are unavailable as the policy allows.</summary>
    BudgetSpent = 6,

    /// <summary>The last eviction was too short a time ago.</summary>
    CoolingDown = 7,

    /// <summary>The workload had as many evictions as the policy allows.</summary>
    LimitReached = 8,

    /// <summary>The pod was evicted already, and goes when its controller lets it.</summary>
    AlreadyDone = 9,

    /// <summary>Successors of evicted pods have the same fault: the pod is not the cause.</summary>
    DoesNotHelp = 10,

    /// <summary>Too many pods of the cluster were evicted lately.</summary>
    ClusterLimit = 11,

    /// <summary>Many workloads of the cluster are in trouble at once.</summary>
    ClusterCause = 12,

    /// <summary>The fault does no harm: it is only reported.</summary>
    Harmless = 13,

    /// <summary>The cluster's permission could not be asked for.</summary>
    NoPermission = 14,

    /// <summary>The node answers nothing: its pods are moved when the cluster has had time to notice that it is gone.</summary>
    WaitsForNode = 15,
}
