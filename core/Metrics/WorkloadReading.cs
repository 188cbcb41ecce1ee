using System.Collections.Immutable;

namespace ControlPlane.Core.Metrics;

/// <summary>What a collector saw of one workload at one moment; what it could not see is null or absent, never 0.</summary>
[GenerateSerializer, Immutable, Alias("cp.WorkloadReading")]
public sealed record WorkloadReading
{
    /// <summary>When the reading was taken, UTC.</summary>
    [Id(0)] public required DateTimeOffset Time { get; init; }

    /// <summary>Replicas that the scale target asks for (<c>scale.spec.replicas</c>); null when unknown.</summary>
    [Id(1)] public int? CurrentReplicas { get; init; }

    /// <summary>The pods behind the scale target's selector; null when the list could not be read.</summary>
    [Id(2)] public ImmutableArray<PodStatus>? Pods { get; init; }

    /// <summary>Values of the workload and its pods.</summary>
    [Id(3)] public ImmutableArray<MetricSample> Samples { get; init; } = [];

    /// <summary>What could not be read and why, one sentence each.</summary>
    [Id(4)] public ImmutableArray<string> Problems { get; init; } = [];
}

/// <summary>State of one pod as the Kubernetes API tells it.</summary>
[GenerateSerializer, Immutable, Alias("cp.PodStatus")]
public sealed record PodStatus
{
    /// <summary>The pod's name.</summary>
    [Id(0)] public required string Name { get; init; }

    /// <summary>The pod's phase.</summary>
    [Id(1)] public required PodPhase Phase { get; init; }

    /// <summary>Whether the Ready condition is true; null when the pod has no such condition yet.</summary>
    [Id(2)] public bool? IsReady { get; init; }

    /// <summary>When the pod was created, UTC.</summary>
    [Id(3)] public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When the kubelet first acknowledged the pod (<c>status.startTime</c>), UTC.</summary>
    [Id(4)] public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Last change of the Ready condition, UTC.</summary>
    [Id(5)] public DateTimeOffset? ReadyChangedAt { get; init; }

    /// <summary>Sum of the containers' CPU requests, thousandths of a core; null when a container has none.</summary>
    [Id(6)] public long? CpuRequestMillicores { get; init; }

    /// <summary>Sum of the containers' memory requests, bytes; null when a container has none.</summary>
    [Id(7)] public long? MemoryRequestBytes { get; init; }

    /// <summary>Whether deletion was requested (<c>metadata.deletionTimestamp</c> is set).</summary>
    [Id(8)] public bool IsTerminating { get; init; }

    /// <summary>The node it runs on; null until it is scheduled.</summary>
    [Id(9)] public string? Node { get; init; }

    /// <summary>Restarts of its containers, summed; null when the kubelet has not reported them.</summary>
    [Id(10)] public int? RestartCount { get; init; }

    /// <summary>Why the container that ended last did so, for example <c>OOMKilled</c>; null when none has.</summary>
    [Id(11)] public string? LastTermination { get; init; }
}

/// <summary>The phases of a Kubernetes pod.</summary>
[GenerateSerializer, Alias("cp.PodPhase")]
public enum PodPhase
{
    /// <summary>The phase could not be told.</summary>
    Unknown,

    /// <summary>Accepted, but not all containers run.</summary>
    Pending,

    /// <summary>Bound to a node with at least one running container.</summary>
    Running,

    /// <summary>All containers ended well.</summary>
    Succeeded,

    /// <summary>All containers ended, at least one with failure.</summary>
    Failed,
}
