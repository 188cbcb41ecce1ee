using System.Text.Json.Serialization;

namespace ControlPlane.Kubernetes.Api;

/// <summary>Resource usage of one pod (<c>metrics.k8s.io/v1beta1</c>); a list of them is a <c>PodMetricsList</c>.</summary>
public sealed record PodMetrics : KubernetesObject
{
    /// <summary>End of the window, UTC.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>Length of the window as a Go duration, for example <c>30s</c>.</summary>
    public string? Window { get; init; }

    /// <summary>Usage per container; never null.</summary>
    public IReadOnlyList<ContainerMetrics> Containers { get; init => field = value ?? []; } = [];
}

/// <summary>Resource usage of a container, by resource name (<c>cpu</c> in cores, <c>memory</c> in bytes).</summary>
public sealed record ContainerMetrics(string Name, IReadOnlyDictionary<string, Quantity>? Usage = null);

/// <summary>Value of a custom metric of one object (<c>custom.metrics.k8s.io/v1beta2</c>); a list of them is a <c>MetricValueList</c>.</summary>
/// <param name="DescribedObject">The object that was measured.</param>
/// <param name="Metric">The metric's name.</param>
/// <param name="Timestamp">When it was measured, UTC.</param>
/// <param name="WindowSeconds">Length of the window; null for an instant.</param>
/// <param name="Value">The value.</param>
public sealed record MetricValue(
    ObjectReference? DescribedObject = null,
    MetricIdentifier? Metric = null,
    DateTimeOffset? Timestamp = null,
    long? WindowSeconds = null,
    Quantity Value = default)
{
    /// <summary>The value; written even when it is 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public Quantity Value { get; init; } = Value;
}

/// <summary>Names a metric.</summary>
public sealed record MetricIdentifier(string Name, LabelSelector? Selector = null);

/// <summary>The kinds of the metrics lists.</summary>
public static class MetricsListKinds
{
    /// <summary>Kind of a <see cref="KubernetesList{T}"/> of <see cref="PodMetrics"/>.</summary>
    public const string PodMetricsList = "PodMetricsList";

    /// <summary>Kind of a <see cref="KubernetesList{T}"/> of <see cref="MetricValue"/>.</summary>
    public const string MetricValueList = "MetricValueList";
}
