using ControlPlane.Core.Metrics;

namespace ControlPlane.Simulation.Services;

/// <summary>One pod of a simulated service.</summary>
internal sealed class SimulatedPod(string name, long ordinal, DateTimeOffset createdAt)
{
    private PodStatus? _status;

    public string Name { get; } = name;

    /// <summary>Grows with every pod of the service.</summary>
    public long Ordinal { get; } = ordinal;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    /// <summary>The node; null until the pod is scheduled.</summary>
    public string? Node { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>When the image is there and the container runs.</summary>
    public DateTimeOffset RunningAt { get; set; } = DateTimeOffset.MaxValue;

    /// <summary>When the running container will be ready.</summary>
    public DateTimeOffset ReadyAt { get; set; } = DateTimeOffset.MaxValue;

    public bool IsRunning { get; set; }

    public bool IsReady { get; set; }

    public DateTimeOffset? ReadyChangedAt { get; set; }

    /// <summary>When a pod of a lost node is given up; null while its node lives.</summary>
    public DateTimeOffset? GiveUpAt { get; set; }

    /// <summary>Share of the normal speed; 1 is healthy.</summary>
    public double Speed { get; set; } = 1;

    public DateTimeOffset? SlowUntil { get; set; }

    public double LeakBytesPerSecond { get; set; }

    /// <summary>When its leak ends by itself; null when it ends with the kill.</summary>
    public DateTimeOffset? LeakUntil { get; set; }

    /// <summary>Whether a restart of its container makes it fast again.</summary>
    public bool SlowEndsWithRestart { get; set; }

    /// <summary>Until when it answers nothing; null when it works.</summary>
    public DateTimeOffset? HungUntil { get; set; }

    /// <summary>Whether a restart of its container does not end the hang.</summary>
    public bool HangStays { get; set; }

    /// <summary>Share of its requests that fail.</summary>
    public double FailShare { get; set; }

    /// <summary>How long its container lives after it is ready; null when it does not crash.</summary>
    public TimeSpan? CrashAfter { get; set; }

    public DateTimeOffset CrashUntil { get; set; }

    /// <summary>When its container ends next; null when it does not.</summary>
    public DateTimeOffset? NextCrashAt { get; set; }

    /// <summary>Whether it takes requests and answers none.</summary>
    public bool IsHung => HungUntil is not null;

    /// <summary>Whether something is wrong with it, whatever anyone sees of it.</summary>
    public bool IsFaulty => Speed != 1 || FailShare > 0 || IsHung || CrashAfter is not null || LeakBytesPerSecond > 0 || GiveUpAt is not null;

    public double LeakedBytes { get; set; }

    public int RestartCount { get; set; }

    /// <summary>Why the last container ended, as Kubernetes words it; null when none has.</summary>
    public string? LastTermination { get; set; }

    public DateTimeOffset? LastTerminatedAt { get; set; }

    /// <summary>Value of the annotation <see cref="Core.Scaling.Removal.RemovalChoice.CostAnnotation"/>.</summary>
    public int DeletionCost { get; set; }

    /// <summary>Requests in its own queue when it does not share the group's.</summary>
    public double Backlog { get; set; }

    /// <summary>Share of its capacity that the last tick used, kept when the pods are grouped anew.</summary>
    public double Busy { get; set; }

    /// <summary>Its place among its equals, set when pods are regrouped.</summary>
    public int Group { get; set; } = -1;

    public PodPhase Phase => IsRunning ? PodPhase.Running : PodPhase.Pending;

    /// <summary>Must be called after every change that <see cref="Status"/> shows.</summary>
    public void Touch() => _status = null;

    public PodStatus Status(ServiceProfile profile) => _status ??= new PodStatus
    {
        Name = Name,
        Phase = Phase,
        IsReady = StartedAt is null ? null : IsReady,
        CreatedAt = CreatedAt,
        StartedAt = StartedAt,
        ReadyChangedAt = ReadyChangedAt,
        CpuRequestMillicores = profile.CpuRequestMillicores,
        MemoryRequestBytes = profile.MemoryRequestBytes,
        Node = Node,
        RestartCount = Node is null ? null : RestartCount,
        LastTermination = LastTermination,
    };

    /// <summary>The order in which a ReplicaSet gives pods up: the first in this order goes first.</summary>
    public static int CompareForRemoval(SimulatedPod a, SimulatedPod b)
    {
        var order = (a.Node is not null).CompareTo(b.Node is not null);
        if (order == 0) order = a.IsRunning.CompareTo(b.IsRunning);
        if (order == 0) order = a.IsReady.CompareTo(b.IsReady);
        if (order == 0) order = a.DeletionCost.CompareTo(b.DeletionCost);
        if (order == 0 && a.IsReady) order = Nullable.Compare(b.ReadyChangedAt, a.ReadyChangedAt);
        if (order == 0) order = b.RestartCount.CompareTo(a.RestartCount);
        if (order == 0) order = b.CreatedAt.CompareTo(a.CreatedAt);
        return order != 0 ? order : b.Ordinal.CompareTo(a.Ordinal);
    }
}
