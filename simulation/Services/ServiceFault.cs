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
    /// <see cref="ServiceFaultKind.CrashLoop"/>: seconds that the container lives. <see cref="ServiceFaultKind.BadRelease"/>: share of requests
    /// that fail, in (0, 1]. <see cref="ServiceFaultKind.SlowNode"/>: share of the normal speed. <see cref="ServiceFaultKind.SlowDependency"/>: seconds
    /// that every request waits longer. <see cref="ServiceFaultKind.FrozenMetrics"/>: 0 when the old values come with new times, else with their own.
    /// <see cref="ServiceFaultKind.NodeLoss"/>: seconds until the cluster notices. <see cref="ServiceFaultKind.ClockSkew"/>: seconds that the metrics' times are ahead; below 0 behind.
    /// </summary>
    public double Magnitude { get; init; }

    /// <summary>
    /// Whether a restart of the container ends it; null: as is usual for the kind (a leak and a hang end with it, a slow pod stays slow).
    /// </summary>
    public bool? EndsWithRestart { get; init; }
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

    /// <summary>A pod's container ends again soon after every start: what it trips over lies in the pod, so that only another pod helps.</summary>
    CrashLoop,

    /// <summary>A pod stays ready, takes its requests and answers none.</summary>
    HungPod,

    /// <summary>Pods are replaced one by one by those of a release that fails a share of the requests; taken back after the duration.</summary>
    BadRelease,

    /// <summary>The pods on one node work at a share of their speed, also those that come later.</summary>
    SlowNode,

    /// <summary>Something that all pods need is slow: they wait, without working more.</summary>
    SlowDependency,

    /// <summary>The metrics stop and the last ones are told again and again.</summary>
    FrozenMetrics,

    /// <summary>The metrics come with times of another clock.</summary>
    ClockSkew,
}
