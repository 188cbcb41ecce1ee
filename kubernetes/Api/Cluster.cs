using System.Text.Json.Serialization;

namespace ControlPlane.Kubernetes.Api;

/// <summary>A core <c>v1</c> Namespace.</summary>
public sealed record Namespace : KubernetesObject
{
    /// <summary>Whether it is in use or going away.</summary>
    public NamespaceStatus? Status { get; init; }
}

/// <summary>Phase of a namespace: <c>Active</c> or <c>Terminating</c>.</summary>
public sealed record NamespaceStatus(string? Phase = null);

/// <summary>A core <c>v1</c> Node.</summary>
public sealed record Node : KubernetesObject
{
    /// <summary>What is asked of it.</summary>
    public NodeSpec? Spec { get; init; }

    /// <summary>What it reports.</summary>
    public NodeStatus? Status { get; init; }
}

/// <summary>What is asked of a node.</summary>
public sealed record NodeSpec(string? PodCIDR = null, string? ProviderID = null, bool? Unschedulable = null, IReadOnlyList<Taint>? Taints = null);

/// <summary>Keeps pods that do not tolerate it off a node.</summary>
public sealed record Taint(string Key, string Effect, string? Value = null, DateTimeOffset? TimeAdded = null);

/// <summary>What a node reports.</summary>
public sealed record NodeStatus(
    IReadOnlyDictionary<string, Quantity>? Capacity = null,
    IReadOnlyDictionary<string, Quantity>? Allocatable = null,
    IReadOnlyList<Condition>? Conditions = null,
    IReadOnlyList<NodeAddress>? Addresses = null,
    NodeSystemInfo? NodeInfo = null);

/// <summary>An address of a node.</summary>
public sealed record NodeAddress(string Type, string Address);

/// <summary>Versions on a node.</summary>
public sealed record NodeSystemInfo(
    string? MachineID = null,
    string? SystemUUID = null,
    string? BootID = null,
    string? KernelVersion = null,
    string? OsImage = null,
    string? ContainerRuntimeVersion = null,
    string? KubeletVersion = null,
    string? KubeProxyVersion = null,
    string? OperatingSystem = null,
    string? Architecture = null);

/// <summary>A core <c>v1</c> Event: what happened to an object, for people.</summary>
public sealed record Event : KubernetesObject
{
    /// <summary>What it happened to.</summary>
    public ObjectReference? InvolvedObject { get; init; }

    /// <summary>Why, as one word, for example <c>ScaledUp</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>What happened, as a sentence; at most 1024 characters.</summary>
    public string? Message { get; init; }

    /// <summary>Who says so.</summary>
    public EventSource? Source { get; init; }

    /// <summary>When it first happened, UTC.</summary>
    public DateTimeOffset? FirstTimestamp { get; init; }

    /// <summary>When it last happened, UTC.</summary>
    public DateTimeOffset? LastTimestamp { get; init; }

    /// <summary>How often it happened.</summary>
    public int? Count { get; init; }

    /// <summary><c>Normal</c> or <c>Warning</c>.</summary>
    public string? Type { get; init; }

    /// <summary>When it was first observed, UTC.</summary>
    [JsonConverter(typeof(MicroTimeConverter))] public DateTimeOffset? EventTime { get; init; }

    /// <summary>What was done.</summary>
    public string? Action { get; init; }

    /// <summary>Who did it, for example <c>controlplane</c>.</summary>
    public string? ReportingComponent { get; init; }

    /// <summary>Which instance did it.</summary>
    public string? ReportingInstance { get; init; }
}

/// <summary>Who reports an event.</summary>
public sealed record EventSource(string? Component = null, string? Host = null);
