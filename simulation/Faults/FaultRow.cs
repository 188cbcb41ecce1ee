namespace ControlPlane.Simulation.Faults;

/// <summary>One fault of the library over all seeds. Times are seconds.</summary>
public sealed record FaultRow
{
    /// <summary>The fault.</summary>
    public required string Fault { get; init; }

    /// <summary>Whether its cause is common to all pods.</summary>
    public required bool IsCommon { get; init; }

    /// <summary>Number of seeds.</summary>
    public required int Seeds { get; init; }

    /// <summary>Seeds in which healing reported it.</summary>
    public required int Detected { get; init; }

    /// <summary>Median time to the report, of those reported; null when none was.</summary>
    public required double? DetectionSeconds { get; init; }

    /// <summary>Median time to recovery with healing.</summary>
    public required double RecoverySeconds { get; init; }

    /// <summary>90th percentile of it.</summary>
    public required double RecoverySeconds90 { get; init; }

    /// <summary>Median time to recovery with liveness probes alone.</summary>
    public required double ProbesRecoverySeconds { get; init; }

    /// <summary>Median time to recovery without healing.</summary>
    public required double UnhealedRecoverySeconds { get; init; }

    /// <summary>Median over the seeds of the time with healing ÷ the time without.</summary>
    public required double RecoveryRatio { get; init; }

    /// <summary>Requests that missed the objective, all seeds: with healing ÷ without.</summary>
    public required double ViolationRatio { get; init; }

    /// <summary>Most evictions in one seed.</summary>
    public required int MostEvictions { get; init; }

    /// <summary>Evictions of all seeds.</summary>
    public required int Evictions { get; init; }

    /// <summary>Evictions that a disruption budget had to refuse, all seeds.</summary>
    public required int BrokenBudgets { get; init; }

    /// <summary>Steps at which something was reported before there was anything, all seeds.</summary>
    public required int FalseFindings { get; init; }
}
