using System.Text.Json.Serialization;

namespace ControlPlane.Kubernetes.Api;

/// <summary>What every object of the Kubernetes API has. Items of a list carry neither API version nor kind.</summary>
public abstract record KubernetesObject
{
    /// <summary>Group and version, for example <c>apps/v1</c>; <c>v1</c> for the core group.</summary>
    [JsonPropertyOrder(-3)] public string? ApiVersion { get; init; }

    /// <summary>The kind, for example <c>Deployment</c>.</summary>
    [JsonPropertyOrder(-4)] public string? Kind { get; init; }

    /// <summary>Name, version and labels; never null.</summary>
    [JsonPropertyOrder(-2)] public ObjectMeta Metadata { get; init => field = value ?? new ObjectMeta(); } = new();
}

/// <summary>The parts of <c>ObjectMeta</c> that are read or written here.</summary>
/// <param name="Name">Unique within kind and namespace.</param>
/// <param name="GenerateName">Prefix from which the server makes a name.</param>
/// <param name="Namespace">The namespace; null for objects of the whole cluster.</param>
/// <param name="Uid">Identity over time.</param>
/// <param name="ResourceVersion">Opaque version of the object; the precondition of a write.</param>
/// <param name="Generation">Grows with every change of the spec.</param>
/// <param name="CreationTimestamp">When it was created, UTC.</param>
/// <param name="DeletionTimestamp">When its deletion was requested, UTC.</param>
/// <param name="DeletionGracePeriodSeconds">Seconds between the request and the end.</param>
/// <param name="Labels">Labels, in the order of the text.</param>
/// <param name="Annotations">Annotations, in the order of the text.</param>
/// <param name="OwnerReferences">The objects that it depends on.</param>
/// <param name="Finalizers">What must be done before it goes.</param>
public sealed record ObjectMeta(
    string? Name = null,
    string? GenerateName = null,
    string? Namespace = null,
    string? Uid = null,
    string? ResourceVersion = null,
    long? Generation = null,
    DateTimeOffset? CreationTimestamp = null,
    DateTimeOffset? DeletionTimestamp = null,
    long? DeletionGracePeriodSeconds = null,
    IReadOnlyDictionary<string, string>? Labels = null,
    IReadOnlyDictionary<string, string>? Annotations = null,
    IReadOnlyList<OwnerReference>? OwnerReferences = null,
    IReadOnlyList<string>? Finalizers = null);

/// <summary>The owner of an object.</summary>
public sealed record OwnerReference(
    string? ApiVersion = null, string? Kind = null, string? Name = null, string? Uid = null, bool? Controller = null, bool? BlockOwnerDeletion = null);

/// <summary>A reference to an object, as events and owners use it.</summary>
public sealed record ObjectReference(
    string? ApiVersion = null, string? Kind = null, string? Namespace = null, string? Name = null, string? Uid = null, string? ResourceVersion = null, string? FieldPath = null);

/// <summary>A reference to an object of the same namespace by kind and name.</summary>
public sealed record CrossVersionObjectReference(string? ApiVersion = null, string? Kind = null, string? Name = null, string? Namespace = null);

/// <summary>Metadata of a list.</summary>
/// <param name="ResourceVersion">Where a watch goes on from.</param>
/// <param name="Continue">Token of the next page; null or empty on the last one.</param>
/// <param name="RemainingItemCount">Items on later pages, where the server says so.</param>
public sealed record ListMeta(string? ResourceVersion = null, string? Continue = null, long? RemainingItemCount = null);

/// <summary>A list of objects or one page of it.</summary>
public sealed record KubernetesList<T>
{
    /// <summary>The list's kind, for example <c>PodList</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>Group and version of the items.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>Version and page token; never null.</summary>
    public ListMeta Metadata { get; init => field = value ?? new ListMeta(); } = new();

    /// <summary>The items; never null.</summary>
    public IReadOnlyList<T> Items { get; init => field = value ?? []; } = [];
}

/// <summary>One change that a watch delivers.</summary>
/// <param name="Type">One of <see cref="WatchEventTypes"/>.</param>
/// <param name="Object">The object after the change (before it, for a deletion).</param>
public sealed record WatchEvent<T>(string Type, T Object);

/// <summary>The types of <see cref="WatchEvent{T}"/>.</summary>
public static class WatchEventTypes
{
    /// <summary>The object is new, or was there when the watch began.</summary>
    public const string Added = "ADDED";

    /// <summary>The object changed.</summary>
    public const string Modified = "MODIFIED";

    /// <summary>The object is gone.</summary>
    public const string Deleted = "DELETED";

    /// <summary>Only the resource version counts: everything before it has been delivered.</summary>
    public const string Bookmark = "BOOKMARK";

    /// <summary>The object is a <see cref="Status"/>; the watch ends.</summary>
    public const string Error = "ERROR";
}

/// <summary>Options of a deletion.</summary>
public sealed record DeleteOptions(
    string? ApiVersion = null, string? Kind = null, long? GracePeriodSeconds = null, string? PropagationPolicy = null, Preconditions? Preconditions = null);

/// <summary>What must hold for a deletion.</summary>
public sealed record Preconditions(string? Uid = null, string? ResourceVersion = null);

/// <summary>Selects objects by label; all requirements must hold.</summary>
public sealed record LabelSelector(IReadOnlyDictionary<string, string>? MatchLabels = null, IReadOnlyList<LabelSelectorRequirement>? MatchExpressions = null);

/// <summary>One requirement of a selector; the operator is <c>In</c>, <c>NotIn</c>, <c>Exists</c> or <c>DoesNotExist</c>.</summary>
public sealed record LabelSelectorRequirement(string Key, string Operator, IReadOnlyList<string>? Values = null);

/// <summary>A condition in an object's status.</summary>
/// <param name="Type">Which condition, for example <c>Ready</c>.</param>
/// <param name="Status"><c>True</c>, <c>False</c> or <c>Unknown</c>.</param>
/// <param name="LastTransitionTime">When the status last changed, UTC.</param>
/// <param name="LastUpdateTime">When a Deployment's condition was last looked at, UTC.</param>
/// <param name="LastProbeTime">When a pod's condition was last probed, UTC.</param>
/// <param name="LastHeartbeatTime">When a node's condition was last reported, UTC.</param>
/// <param name="Reason">Why, as one word.</param>
/// <param name="Message">Why, as a sentence.</param>
/// <param name="ObservedGeneration">The generation that it speaks of.</param>
public sealed record Condition(
    string Type,
    string Status,
    DateTimeOffset? LastTransitionTime = null,
    DateTimeOffset? LastUpdateTime = null,
    DateTimeOffset? LastProbeTime = null,
    DateTimeOffset? LastHeartbeatTime = null,
    string? Reason = null,
    string? Message = null,
    long? ObservedGeneration = null);
