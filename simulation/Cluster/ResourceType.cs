namespace ControlPlane.Simulation.Cluster;

/// <summary>A kind of object that the simulated API stores.</summary>
internal sealed record ResourceType(string Group, string Version, string Kind, string Plural, bool IsNamespaced, params string[] ShortNames)
{
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    public string Singular => Kind.ToLowerInvariant();

    /// <summary>Name as in messages: <c>deployments.apps</c>.</summary>
    public string QualifiedName => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    public bool InAll { get; init; }

    public string[] Subresources { get; init; } = [];
}

/// <summary>The kinds of objects that the simulated API stores.</summary>
internal static class ResourceTypes
{
    public static readonly ResourceType Namespaces = new("", "v1", "Namespace", "namespaces", false, "ns");
    public static readonly ResourceType Nodes = new("", "v1", "Node", "nodes", false, "no") { Subresources = ["status"] };
    public static readonly ResourceType Pods = new("", "v1", "Pod", "pods", true, "po") { InAll = true, Subresources = ["eviction", "log", "status"] };
    public static readonly ResourceType Events = new("", "v1", "Event", "events", true, "ev");
    public static readonly ResourceType ConfigMaps = new("", "v1", "ConfigMap", "configmaps", true, "cm");
    public static readonly ResourceType Secrets = new("", "v1", "Secret", "secrets", true);
    public static readonly ResourceType Services = new("", "v1", "Service", "services", true, "svc") { InAll = true };
    public static readonly ResourceType ServiceAccounts = new("", "v1", "ServiceAccount", "serviceaccounts", true, "sa");
    public static readonly ResourceType Deployments = new("apps", "v1", "Deployment", "deployments", true, "deploy") { InAll = true, Subresources = ["scale", "status"] };
    public static readonly ResourceType ReplicaSets = new("apps", "v1", "ReplicaSet", "replicasets", true, "rs") { InAll = true, Subresources = ["scale", "status"] };
    public static readonly ResourceType StatefulSets = new("apps", "v1", "StatefulSet", "statefulsets", true, "sts") { InAll = true, Subresources = ["scale", "status"] };
    public static readonly ResourceType DaemonSets = new("apps", "v1", "DaemonSet", "daemonsets", true, "ds") { InAll = true };
    public static readonly ResourceType HorizontalPodAutoscalers =
        new("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", true, "hpa") { InAll = true, Subresources = ["status"] };

    public static readonly ResourceType Leases = new("coordination.k8s.io", "v1", "Lease", "leases", true);
    public static readonly ResourceType NewEvents = new("events.k8s.io", "v1", "Event", "events", true, "ev");
    public static readonly ResourceType PodDisruptionBudgets =
        new("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", true, "pdb") { Subresources = ["status"] };

    /// <summary>All kinds, in the order in which discovery lists them.</summary>
    public static readonly IReadOnlyList<ResourceType> All =
    [
        ConfigMaps, Events, Namespaces, Nodes, Pods, Secrets, ServiceAccounts, Services, DaemonSets, Deployments, ReplicaSets, StatefulSets,
        HorizontalPodAutoscalers, Leases, NewEvents, PodDisruptionBudgets,
    ];

    /// <summary>The kind behind a path; null when there is none.</summary>
    public static ResourceType? Find(string group, string version, string plural)
    {
        foreach (var type in All)
        {
            if (type.Plural == plural && type.Group == group && type.Version == version) return type;
        }

        return null;
    }
}
