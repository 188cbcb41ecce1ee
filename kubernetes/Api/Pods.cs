namespace ControlPlane.Kubernetes.Api;

/// <summary>A core <c>v1</c> Pod.</summary>
public sealed record Pod : KubernetesObject
{
    /// <summary>What is asked for.</summary>
    public PodSpec? Spec { get; init; }

    /// <summary>What is there.</summary>
    public PodStatus? Status { get; init; }
}

/// <summary>What a pod asks for.</summary>
public sealed record PodSpec(
    IReadOnlyList<Container>? Containers = null,
    IReadOnlyList<Container>? InitContainers = null,
    string? NodeName = null,
    string? RestartPolicy = null,
    long? TerminationGracePeriodSeconds = null,
    string? ServiceAccountName = null,
    string? SchedulerName = null,
    string? DnsPolicy = null,
    IReadOnlyDictionary<string, string>? NodeSelector = null,
    ResourceRequirements? Resources = null,
    int? Priority = null);

/// <summary>A container of a pod. An init container with restart policy <c>Always</c> is a sidecar.</summary>
public sealed record Container(
    string Name,
    string? Image = null,
    ResourceRequirements? Resources = null,
    IReadOnlyList<ContainerPort>? Ports = null,
    IReadOnlyList<string>? Command = null,
    IReadOnlyList<string>? Args = null,
    string? ImagePullPolicy = null,
    string? RestartPolicy = null);

/// <summary>A port of a container.</summary>
public sealed record ContainerPort(int ContainerPortNumber = 0, string? Name = null, string? Protocol = null)
{
    /// <summary>The port's number; the JSON member is <c>containerPort</c>.</summary>
    [System.Text.Json.Serialization.JsonPropertyName("containerPort")] public int ContainerPortNumber { get; init; } = ContainerPortNumber;
}

/// <summary>What a container asks for (<c>requests</c>) and may use (<c>limits</c>), by resource name.</summary>
public sealed record ResourceRequirements(IReadOnlyDictionary<string, Quantity>? Requests = null, IReadOnlyDictionary<string, Quantity>? Limits = null);

/// <summary>What a pod's status says.</summary>
/// <param name="Phase"><c>Pending</c>, <c>Running</c>, <c>Succeeded</c>, <c>Failed</c> or <c>Unknown</c>.</param>
/// <param name="Conditions">Conditions, among them <c>Ready</c>.</param>
/// <param name="StartTime">When the kubelet acknowledged the pod, UTC.</param>
/// <param name="ContainerStatuses">One entry a container.</param>
/// <param name="HostIP">Address of the node.</param>
/// <param name="PodIP">Address of the pod.</param>
/// <param name="PodIPs">All addresses of the pod.</param>
/// <param name="Reason">Why, as one word.</param>
/// <param name="Message">Why, as a sentence.</param>
/// <param name="QosClass">Quality of service class.</param>
public sealed record PodStatus(
    string? Phase = null,
    IReadOnlyList<Condition>? Conditions = null,
    DateTimeOffset? StartTime = null,
    IReadOnlyList<ContainerStatus>? ContainerStatuses = null,
    string? HostIP = null,
    string? PodIP = null,
    IReadOnlyList<PodAddress>? PodIPs = null,
    string? Reason = null,
    string? Message = null,
    string? QosClass = null);

/// <summary>An address of a pod.</summary>
public sealed record PodAddress(string? Ip = null);

/// <summary>What a container's status says.</summary>
public sealed record ContainerStatus(
    string Name,
    bool Ready = false,
    int RestartCount = 0,
    string? Image = null,
    string? ImageID = null,
    string? ContainerID = null,
    bool? Started = null,
    ContainerState? State = null,
    ContainerState? LastState = null);

/// <summary>One of three states of a container.</summary>
public sealed record ContainerState(ContainerStateRunning? Running = null, ContainerStateWaiting? Waiting = null, ContainerStateTerminated? Terminated = null);

/// <summary>A running container.</summary>
public sealed record ContainerStateRunning(DateTimeOffset? StartedAt = null);

/// <summary>A container that waits.</summary>
public sealed record ContainerStateWaiting(string? Reason = null, string? Message = null);

/// <summary>A container that ended.</summary>
public sealed record ContainerStateTerminated(
    int ExitCode = 0, string? Reason = null, string? Message = null, DateTimeOffset? StartedAt = null, DateTimeOffset? FinishedAt = null, string? ContainerID = null);
