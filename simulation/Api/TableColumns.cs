using System.Globalization;
using System.Text.Json.Nodes;
using ControlPlane.Simulation.Cluster;

namespace ControlPlane.Simulation.Api;

/// <summary>The columns of each kind, as the real API server prints them.</summary>
internal static class TableColumns
{
    private static readonly TableColumn Name = new("Name", (o, _) => o.Name());
    private static readonly TableColumn Age = new("Age", (o, now) => AgeOf(o.Text("metadata", "creationTimestamp"), now));
    private static readonly TableColumn Containers = new("Containers", (o, _) => Template(o, "name"), true);
    private static readonly TableColumn Images = new("Images", (o, _) => Template(o, "image"), true);
    private static readonly TableColumn Selector = new("Selector", (o, _) => LabelSelection.Format(o.At("spec", "selector")), true);

    private static readonly Dictionary<ResourceType, TableColumn[]> Columns = new()
    {
        [ResourceTypes.Namespaces] = [Name, Text("Status", "status", "phase"), Age],
        [ResourceTypes.Nodes] =
        [
            Name, new("Status", (o, _) => NodeStatus(o)), new("Roles", (_, _) => "<none>"), Age, Text("Version", "status", "nodeInfo", "kubeletVersion"),
            new("Internal-IP", (o, _) => Address(o, "InternalIP"), true), new("External-IP", (_, _) => "<none>", true),
            Wide("OS-Image", "status", "nodeInfo", "osImage"), Wide("Kernel-Version", "status", "nodeInfo", "kernelVersion"),
            Wide("Container-Runtime", "status", "nodeInfo", "containerRuntimeVersion"),
        ],
        [ResourceTypes.Pods] =
        [
            Name, new("Ready", (o, _) => PodReady(o)), new("Status", (o, _) => PodStatus(o)), new("Restarts", PodRestarts), Age,
            Wide("IP", "status", "podIP"), Wide("Node", "spec", "nodeName"), new("Nominated Node", (_, _) => "<none>", true), new("Readiness Gates", (_, _) => "<none>", true),
        ],
        [ResourceTypes.Deployments] =
        [
            Name, new("Ready", (o, _) => $"{o.Int("status", "readyReplicas") ?? 0}/{o.Int("spec", "replicas") ?? 0}"),
            Count("Up-to-date", "status", "updatedReplicas"), Count("Available", "status", "availableReplicas"), Age, Containers, Images, Selector,
        ],
        [ResourceTypes.ReplicaSets] =
        [
            Name, Count("Desired", "spec", "replicas"), Count("Current", "status", "replicas"), Count("Ready", "status", "readyReplicas"), Age, Containers, Images, Selector,
        ],
        [ResourceTypes.StatefulSets] = [Name, new("Ready", (o, _) => $"{o.Int("status", "readyReplicas") ?? 0}/{o.Int("spec", "replicas") ?? 0}"), Age, Containers, Images],
        [ResourceTypes.Events] =
        [
            new("Last Seen", (o, now) => AgeOf(o.Text("lastTimestamp") ?? o.Text("eventTime") ?? o.Text("metadata", "creationTimestamp"), now)),
            Text("Type", "type"), Text("Reason", "reason"), new("Object", (o, _) => EventObject(o)), new("Subobject", (o, _) => o.Text("involvedObject", "fieldPath") ?? "", true),
            new("Source", (o, _) => o.Text("source", "component") ?? o.Text("reportingComponent") ?? "", true), Text("Message", "message"),
            new("First Seen", (o, now) => AgeOf(o.Text("firstTimestamp") ?? o.Text("metadata", "creationTimestamp"), now), true),
            new("Count", (o, _) => o.Int("count") ?? 1, true, "integer"), new("Name", (o, _) => o.Name(), true),
        ],
        [ResourceTypes.HorizontalPodAutoscalers] =
        [
            Name, new("Reference", (o, _) => $"{o.Text("spec", "scaleTargetRef", "kind")}/{o.Text("spec", "scaleTargetRef", "name")}"), new("Targets", (_, _) => "<unknown>"),
            Count("MinPods", "spec", "minReplicas"), Count("MaxPods", "spec", "maxReplicas"), Count("Replicas", "status", "currentReplicas"), Age,
        ],
        [ResourceTypes.Leases] = [Name, Text("Holder", "spec", "holderIdentity"), Age],
        [ResourceTypes.PodDisruptionBudgets] =
        [
            Name, Text("Min Available", "spec", "minAvailable"), Text("Max Unavailable", "spec", "maxUnavailable"), Count("Allowed Disruptions", "status", "disruptionsAllowed"), Age,
        ],
    };

    private static readonly TableColumn[] Others = [Name, Age];

    public static IReadOnlyList<TableColumn> Of(ResourceType type) =>
        Columns.GetValueOrDefault(type == ResourceTypes.NewEvents ? ResourceTypes.Events : type) ?? Others;

    /// <summary>A duration in kubectl's short form.</summary>
    internal static string Short(TimeSpan age)
    {
        if (age < TimeSpan.Zero) return "0s";
        var seconds = (long)age.TotalSeconds;
        if (seconds < 120) return $"{seconds}s";
        if (seconds < 600) return seconds % 60 == 0 ? $"{seconds / 60}m" : $"{seconds / 60}m{seconds % 60}s";
        if (seconds < 3 * 3600) return $"{seconds / 60}m";
        if (seconds < 8 * 3600) return seconds / 60 % 60 == 0 ? $"{seconds / 3600}h" : $"{seconds / 3600}h{seconds / 60 % 60}m";
        if (seconds < 48 * 3600) return $"{seconds / 3600}h";
        if (seconds < 8 * 86_400) return seconds / 3600 % 24 == 0 ? $"{seconds / 86_400}d" : $"{seconds / 86_400}d{seconds / 3600 % 24}h";
        return seconds < 2 * 365 * 86_400L ? $"{seconds / 86_400}d" : $"{seconds / (365 * 86_400L)}y";
    }

    private static TableColumn Text(string name, params string[] path) => new(name, (o, _) => o.Text(path) ?? "<none>");

    private static TableColumn Wide(string name, params string[] path) => new(name, (o, _) => o.Text(path) ?? "<none>", true);

    private static TableColumn Count(string name, params string[] path) => new(name, (o, _) => o.Int(path) ?? 0, false, "integer");

    private static string AgeOf(string? time, DateTimeOffset now) => Json.ParseTime(time) is { } since ? Short(now - since) : "<unknown>";

    private static string Template(JsonObject obj, string field) =>
        string.Join(',', (obj.At("spec", "template", "spec", "containers") as JsonArray ?? []).Select(c => c.Text(field) ?? ""));

    private static string NodeStatus(JsonObject node)
    {
        var ready = (node.At("status", "conditions") as JsonArray ?? []).FirstOrDefault(c => c.Text("type") == "Ready").Text("status") == "True";
        return (ready ? "Ready" : "NotReady") + (node.IsTrue("spec", "unschedulable") ? ",SchedulingDisabled" : "");
    }

    private static string Address(JsonObject node, string type) =>
        (node.At("status", "addresses") as JsonArray ?? []).FirstOrDefault(a => a.Text("type") == type).Text("address") ?? "<none>";

    private static IEnumerable<JsonNode?> Statuses(JsonObject pod) => pod.At("status", "containerStatuses") as JsonArray ?? [];

    private static string PodReady(JsonObject pod) =>
        $"{Statuses(pod).Count(s => s.IsTrue("ready"))}/{(pod.At("spec", "containers") as JsonArray)?.Count ?? 0}";

    private static string PodStatus(JsonObject pod) =>
        Statuses(pod).Select(s => s.Text("state", "waiting", "reason")).FirstOrDefault(r => r is not null) ?? pod.Text("status", "phase") ?? "Unknown";

    private static JsonNode PodRestarts(JsonObject pod, DateTimeOffset now)
    {
        var count = Statuses(pod).Sum(s => s.Int("restartCount") ?? 0);
        var last = Statuses(pod).Select(s => Json.ParseTime(s.Text("lastState", "terminated", "finishedAt"))).Max();
        return (count > 0 && last is { } time ? $"{count.ToString(CultureInfo.InvariantCulture)} ({Short(now - time)} ago)" : count.ToString(CultureInfo.InvariantCulture))!;
    }

    private static string EventObject(JsonObject obj) => $"{obj.Text("involvedObject", "kind")?.ToLowerInvariant()}/{obj.Text("involvedObject", "name")}";
}
