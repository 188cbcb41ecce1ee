namespace ControlPlane.Simulation.Faults;

/// <summary>How one fault went.</summary>
public sealed record FaultOutcome
{
    /// <summary>Time from the fault to the first report of it; null when it was never reported.</summary>
    public required TimeSpan? DetectedAfter { get; init; }

    /// <summary>Time from the fault until the service is well for a minute: no faulty pod, all replicas ready, the objective kept.</summary>
    public required TimeSpan RecoveredAfter { get; init; }

    /// <summary>Seconds in which the objective was missed.</summary>
    public required int MissedSeconds { get; init; }

    /// <summary>Requests that failed or were slower than the objective.</summary>
    public required double ViolatingRequests { get; init; }

    /// <summary>Pods that healing evicted.</summary>
    public required int Evictions { get; init; }

    /// <summary>Everything that healing did.</summary>
    public required int Actions { get; init; }

    /// <summary>Steps before the fault at which something was reported.</summary>
    public required int FalseFindings { get; init; }

    /// <summary>Evictions that the disruption budget had to refuse.</summary>
    public required int BrokenBudgets { get; init; }
}
