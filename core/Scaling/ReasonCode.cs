namespace ControlPlane.Core.Scaling;

/// <summary>Why a decision is what it is. Codes keep their number for ever.</summary>
[GenerateSerializer, Alias("cp.ReasonCode")]
public enum ReasonCode
{
    /// <summary>The replicas fit the demand.</summary>
    Steady = 0,

    /// <summary>The reactive reference (HPA algorithm) asked for it.</summary>
    Reactive = 1,

    /// <summary>The forecast asked for it.</summary>
    Predicted = 2,

    /// <summary>Signals are missing or stale: nothing is taken away.</summary>
    SignalsMissing = 3,

    /// <summary>The replicas that run now are unknown.</summary>
    ReplicasUnknown = 4,

    /// <summary>The policy's mode is Off.</summary>
    PolicyOff = 5,

    /// <summary>There is no valid policy for the workload.</summary>
    NoPolicy = 6,

    /// <summary>Held at the policy's minimum.</summary>
    AtMinimum = 7,

    /// <summary>Held at the policy's maximum.</summary>
    AtMaximum = 8,

    /// <summary>Held by the stabilization window.</summary>
    Stabilized = 9,

    /// <summary>Held or slowed by a behaviour policy's rate limit.</summary>
    RateLimited = 10,

    /// <summary>The policy pauses this direction.</summary>
    Paused = 11,

    /// <summary>The scale target is set to 0 by hand, which switches autoscaling off.</summary>
    ScaledToZero = 12,

    /// <summary>A fault makes scale-in unsafe.</summary>
    Healing = 13,

    /// <summary>The budget does not allow more.</summary>
    BudgetSpent = 14,

    /// <summary>Brought within changed bounds.</summary>
    OutOfBounds = 15,

    /// <summary>More than the policy's maximum, which its breach limit allows.</summary>
    AboveMaximum = 16,

    /// <summary>There has been no demand for as long as the policy waits: zero replicas.</summary>
    Idle = 17,

    /// <summary>Back from zero replicas.</summary>
    Activated = 18,

    /// <summary>The budget of the workload's team does not allow more.</summary>
    TeamBudgetSpent = 19,
}
