namespace ControlPlane.Simulation.Services;

/// <summary>Something that goes wrong with a service.</summary>
public sealed record ServiceFault
{
    /// <summary>When it starts; it takes effect at the next tick.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What goes wrong.</summary>
    public required ServiceFaultKind Kind { get; init; }

    /// <summary>Picks the pod or the node: a number taken modulo how many there are.</summary>
    public int Target { get; init; }

    /// <summary>How long it lasts; a crash is over with the restart, a leak with the kill.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>
    /// How strong it is. <see cref="ServiceFaultKind.SlowPod"/>: share of the normal speed, in (0, 1).
    /// <see cref="ServiceFaultKind.MemoryLeak"/>: bytes per second. <see cref="ServiceFaultKind.ScrapeDelay"/>: age of the metrics in seconds.
    /// </summary>
    public double Magnitude { get; init; }
}

/// <summary>The ways in which a service fails.</summary>
public enum ServiceFaultKind
{
    /// <summary>A container ends and restarts, with back-off when it happens again.</summary>
    PodCrash,

    /// <summary>A pod works at a share of its speed.</summary>
    SlowPod,

    /// <summary>A pod's memory grows until it is killed.</summary>
    MemoryLeak,

    /// <summary>A node with its pods is gone; it comes back after the duration.</summary>
    NodeLoss,

    /// <summary>Metrics arrive late.</summary>
    ScrapeDelay,

    /// <summary>No metrics arrive.</summary>
    ScrapeLoss,
}
