namespace ControlPlane.Core.Healing;

/// <summary>What healing does, least first. Numbers stay for ever.</summary>
[GenerateSerializer, Alias("cp.HealingAction")]
public enum HealingAction
{
    /// <summary>Nothing; the reason says why.</summary>
    None = 0,

    /// <summary>No replicas are taken away while the fault lasts.</summary>
    HoldScaleIn = 1,

    /// <summary>The pod goes first when replicas are taken away (<c>controller.kubernetes.io/pod-deletion-cost</c>).</summary>
    PreferForRemoval = 2,

    /// <summary>The pod is evicted, and its controller starts another.</summary>
    EvictPod = 3,

    /// <summary>The replicas of before the last scale-in come back.</summary>
    UndoScaleIn = 4,
}
