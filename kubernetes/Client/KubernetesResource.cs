using System.Text;

namespace ControlPlane.Kubernetes;

/// <summary>Names a resource of the API: a collection, or one object, or a subresource of it.</summary>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Version">The version, for example <c>v1</c>.</param>
/// <param name="Plural">The plural in the path, for example <c>pods</c>.</param>
/// <param name="Namespace">The namespace; null for the whole cluster.</param>
/// <param name="Name">The object; null for the collection.</param>
/// <param name="Subresource">The subresource, for example <c>scale</c>; null for the object itself.</param>
public sealed record KubernetesResource(
    string Group, string Version, string Plural, string? Namespace = null, string? Name = null, string? Subresource = null)
{
    /// <summary>Core pods of a namespace; null means all namespaces.</summary>
    public static KubernetesResource Pods(string? @namespace) => new("", "v1", "pods", @namespace);

    /// <summary>One core pod.</summary>
    public static KubernetesResource Pod(string @namespace, string name) => new("", "v1", "pods", @namespace, name);

    /// <summary>The <c>eviction</c> subresource of a pod.</summary>
    public static KubernetesResource Eviction(string @namespace, string pod) => new("", "v1", "pods", @namespace, pod, "eviction");

    /// <summary>Core events of a namespace.</summary>
    public static KubernetesResource Events(string @namespace) => new("", "v1", "events", @namespace);

    /// <summary>Workloads of the <c>apps</c> group in a namespace; null means all namespaces.</summary>
    public static KubernetesResource Apps(string plural, string? @namespace) => new("apps", "v1", plural, @namespace);

    /// <summary>HorizontalPodAutoscalers of a namespace.</summary>
    public static KubernetesResource HorizontalPodAutoscalers(string @namespace) => new("autoscaling", "v2", "horizontalpodautoscalers", @namespace);

    /// <summary>Resource usage of a namespace's pods.</summary>
    public static KubernetesResource PodMetrics(string @namespace) => new("metrics.k8s.io", "v1beta1", "pods", @namespace);

    /// <summary>A custom metric of one object, or of all of a kind when the name is <c>*</c>.</summary>
    public static KubernetesResource CustomMetric(string @namespace, string groupResource, string name, string metric) =>
        new("custom.metrics.k8s.io", "v1beta2", groupResource, @namespace, name, metric);

    /// <summary>The <c>/scale</c> subresource of an object.</summary>
    /// <param name="apiVersion">Group and version of the object, for example <c>apps/v1</c>.</param>
    /// <param name="plural">The plural in the path.</param>
    /// <param name="namespace">The namespace.</param>
    /// <param name="name">The object's name.</param>
    public static KubernetesResource Scale(string apiVersion, string plural, string @namespace, string name)
    {
        var (group, version) = SplitApiVersion(apiVersion);
        return new KubernetesResource(group, version, plural, @namespace, name, "scale");
    }

    /// <summary>The path, for example <c>/apis/apps/v1/namespaces/shop/deployments/web/scale</c>.</summary>
    public string Path
    {
        get
        {
            var path = new StringBuilder(Group.Length == 0 ? "/api" : $"/apis/{Group}").Append('/').Append(Version);
            if (Namespace is not null) path.Append("/namespaces/").Append(Uri.EscapeDataString(Namespace));
            path.Append('/').Append(Plural);
            if (Name is not null) path.Append('/').Append(Name == "*" ? "*" : Uri.EscapeDataString(Name));
            if (Subresource is not null) path.Append('/').Append(Uri.EscapeDataString(Subresource));
            return path.ToString();
        }
    }

    /// <summary>For messages, for example <c>deployments/scale web in namespace shop</c>.</summary>
    public string Description =>
        Kind + (Name is null ? "" : $" {Name}") + (Namespace is null ? " in all namespaces" : $" in namespace {Namespace}");

    /// <summary>Plural and subresource as RBAC rules name them, for example <c>deployments/scale</c>.</summary>
    public string Kind => Subresource is null ? Plural : $"{Plural}/{Subresource}";

    internal static (string Group, string Version) SplitApiVersion(string apiVersion) =>
        apiVersion.Split('/') is [var group, var version] ? (group, version) : ("", apiVersion);
}
