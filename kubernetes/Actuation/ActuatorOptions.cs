namespace ControlPlane.Kubernetes;

/// <summary>Bounds of the actuator.</summary>
public sealed record ActuatorOptions
{
    /// <summary>Tries of one write or read. Default 4.</summary>
    public int MaxAttempts { get; init; } = 4;

    /// <summary>How often a write starts over because only the target's status changed under it. Default 5.</summary>
    public int MaxRefreshes { get; init; } = 5;

    /// <summary>Waits between tries.</summary>
    public Backoff Backoff { get; init; } = new();

    /// <summary>Longest <c>Retry-After</c> that is waited for; a longer one ends the call. Default 5 s.</summary>
    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the list of HorizontalPodAutoscalers of a namespace is trusted. Default 1 min.</summary>
    public TimeSpan AutoscalerMaxAge { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Decisions of one workload that may be written at once. Default 4.</summary>
    public int WorkloadBurst { get; init; } = 4;

    /// <summary>Decisions of one workload that may be written a minute in the long run. Default 4.</summary>
    public double WorkloadWritesPerMinute { get; init; } = 4;

    /// <summary>Decisions of one cluster that may be written at once. Default 200.</summary>
    public int ClusterBurst { get; init; } = 200;

    /// <summary>Decisions of one cluster that may be written a second in the long run. Default 50.</summary>
    public double ClusterWritesPerSecond { get; init; } = 50;

    /// <summary>Longest time spent on the Kubernetes Event that tells of a write. Default 3 s.</summary>
    public TimeSpan EventTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Longest time spent on the marks of pods that go first, before a scale-in. Default 5 s.</summary>
    public TimeSpan MarkTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Name of this instance in Events, for example the pod's name.</summary>
    public string Instance { get; init; } = "controlplane";

    internal IEnumerable<string> Validate()
    {
        if (MaxAttempts < 1) yield return $"{nameof(MaxAttempts)} is {MaxAttempts}: it must be at least 1.";
        if (MaxRefreshes < 0) yield return $"{nameof(MaxRefreshes)} is {MaxRefreshes}: it must not be negative.";
        foreach (var fault in Backoff.Validate(nameof(Backoff))) yield return fault;
        if (MaxRetryAfter < TimeSpan.Zero) yield return $"{nameof(MaxRetryAfter)} is {MaxRetryAfter}: it must not be negative.";
        if (AutoscalerMaxAge < TimeSpan.Zero) yield return $"{nameof(AutoscalerMaxAge)} is {AutoscalerMaxAge}: it must not be negative.";
        if (WorkloadBurst < 1) yield return $"{nameof(WorkloadBurst)} is {WorkloadBurst}: it must be at least 1.";
        if (!(WorkloadWritesPerMinute > 0)) yield return $"{nameof(WorkloadWritesPerMinute)} is {WorkloadWritesPerMinute}: it must be greater than 0.";
        if (ClusterBurst < 1) yield return $"{nameof(ClusterBurst)} is {ClusterBurst}: it must be at least 1.";
        if (!(ClusterWritesPerSecond > 0)) yield return $"{nameof(ClusterWritesPerSecond)} is {ClusterWritesPerSecond}: it must be greater than 0.";
        if (EventTimeout <= TimeSpan.Zero) yield return $"{nameof(EventTimeout)} is {EventTimeout}: it must be greater than 0.";
        if (MarkTimeout <= TimeSpan.Zero) yield return $"{nameof(MarkTimeout)} is {MarkTimeout}: it must be greater than 0.";
        if (string.IsNullOrWhiteSpace(Instance)) yield return $"{nameof(Instance)} is empty: it must name this instance.";
    }
}
