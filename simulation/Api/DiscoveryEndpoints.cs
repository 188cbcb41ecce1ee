using System.Text.Json.Nodes;
using ControlPlane.Simulation.Cluster;

namespace ControlPlane.Simulation.Api;

/// <summary>What there is: versions, groups, resources (plain and aggregated), OpenAPI documents and the server's health.</summary>
internal static class DiscoveryEndpoints
{
    private const string Aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    private static readonly string[] AllVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    private static readonly JsonObject VersionInfo = new()
    {
        ["major"] = "1",
        ["minor"] = "32",
        ["gitVersion"] = SimulatedCluster.KubernetesVersion,
        ["gitCommit"] = "simulated",
        ["gitTreeState"] = "clean",
        ["buildDate"] = "2024-12-11T00:00:00Z",
        ["goVersion"] = "simulated",
        ["compiler"] = "simulated",
        ["platform"] = "linux/amd64",
    };

    /// <summary>The document behind a path; null when the path is no discovery path.</summary>
    public static SimResponse? Find(SimRequest request, string[] parts)
    {
        if (parts.Length == 0) return Document(new JsonObject { ["paths"] = Json.Texts(["/api", "/api/v1", "/apis", "/healthz", "/livez", "/readyz", "/openapi/v2", "/openapi/v3", "/version"]) });
        return parts switch
        {
            ["version"] => Document(VersionInfo),
            ["healthz" or "livez" or "readyz", ..] => new SimResponse { ContentType = "text/plain", Body = "ok"u8.ToArray() },
            ["api"] => IsAggregatedWanted(request) ? AggregatedList(GroupVersions().Where(g => g.Group.Length == 0)) : Document(CoreVersions()),
            ["apis"] => IsAggregatedWanted(request) ? AggregatedList(GroupVersions().Where(g => g.Group.Length > 0)) : Document(Groups()),
            ["api", "v1"] => Document(Resources("", "v1")),
            ["apis", var group] => Document(Group(group)),
            ["apis", var group, var version] => Document(Resources(group, version)),
            ["openapi", ..] => OpenApiDocuments.Find(request, parts),
            _ => null,
        };
    }

    /// <summary>All groups with their versions, in the order in which clients should prefer them.</summary>
    public static IEnumerable<(string Group, string Version)> GroupVersions() =>
        ResourceTypes.All.Select(t => (t.Group, t.Version)).Concat([("metrics.k8s.io", "v1beta1"), ("custom.metrics.k8s.io", "v1beta2")]).Distinct();

    private static SimResponse Document(JsonObject json) => new() { Body = json.ToBytes() };

    private static bool IsAggregatedWanted(SimRequest request) =>
        request.Accept.Contains("as=APIGroupDiscoveryList", StringComparison.Ordinal) && request.Accept.Contains("v=v2;", StringComparison.Ordinal);

    private static JsonObject CoreVersions() => new() { ["kind"] = "APIVersions", ["versions"] = Json.Texts(["v1"]), ["serverAddressByClientCIDRs"] = new JsonArray() };

    private static JsonObject Groups() => new()
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = Json.Array(GroupVersions().Where(g => g.Group.Length > 0).Select(g => (JsonNode?)GroupItem(g.Group, g.Version)).ToArray()),
    };

    private static JsonObject Group(string name)
    {
        foreach (var (group, version) in GroupVersions())
        {
            if (group != name || group.Length == 0) continue;
            var item = GroupItem(group, version);
            (item["kind"], item["apiVersion"]) = ("APIGroup", "v1");
            return item;
        }

        throw ApiError.NotFound();
    }

    private static JsonObject GroupItem(string group, string version)
    {
        var preferred = new JsonObject { ["groupVersion"] = $"{group}/{version}", ["version"] = version };
        return new JsonObject { ["name"] = group, ["versions"] = new JsonArray(preferred), ["preferredVersion"] = preferred.DeepClone() };
    }

    private static JsonObject Resources(string group, string version)
    {
        var items = Items(group, version).ToArray();
        if (items.Length == 0) throw ApiError.NotFound();
        return new JsonObject
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}",
            ["resources"] = Json.Array(items.Select(i => (JsonNode?)Resource(i)).ToArray()),
        };
    }

    private static JsonObject Resource(DiscoveredResource item)
    {
        var json = new JsonObject
        {
            ["name"] = item.Name,
            ["singularName"] = item.Singular,
            ["namespaced"] = item.IsNamespaced,
            ["kind"] = item.Kind.Kind,
            ["verbs"] = Json.Texts(item.Verbs),
        };
        if (item.Kind.Group != item.Group || item.Kind.Version != item.Version) (json["group"], json["version"]) = (item.Kind.Group, item.Kind.Version);
        if (item.ShortNames.Length > 0) json["shortNames"] = Json.Texts(item.ShortNames);
        if (item.InAll) json["categories"] = Json.Texts(["all"]);
        return json;
    }

    private static IEnumerable<DiscoveredResource> Items(string group, string version)
    {
        foreach (var type in ResourceTypes.All.Where(t => t.Group == group && t.Version == version))
        {
            yield return new DiscoveredResource(group, version, type.Plural, type.Singular, type.IsNamespaced, (group, version, type.Kind), AllVerbs, type.ShortNames, type.InAll);
            foreach (var sub in type.Subresources) yield return Subresource(type, sub);
        }

        var isMetrics = (group, version) is ("metrics.k8s.io", "v1beta1");
        if (isMetrics)
        {
            yield return new DiscoveredResource(group, version, "nodes", "", false, (group, version, "NodeMetrics"), ["get", "list"], [], false);
            yield return new DiscoveredResource(group, version, "pods", "", true, (group, version, "PodMetrics"), ["get", "list"], [], false);
        }

        if ((group, version) is not ("custom.metrics.k8s.io", "v1beta2")) yield break;
        foreach (var (metric, _) in MetricsEndpoints.Custom)
            yield return new DiscoveredResource(group, version, $"deployments.apps/{metric}", "", true, (group, version, "MetricValueList"), ["get"], [], false);
    }

    private static DiscoveredResource Subresource(ResourceType type, string sub)
    {
        var kind = sub switch
        {
            "scale" => ("autoscaling", "v1", "Scale"),
            "eviction" => ("policy", "v1", "Eviction"),
            _ => (type.Group, type.Version, type.Kind),
        };
        string[] verbs = sub switch
        {
            "eviction" => ["create"],
            "log" => ["get"],
            _ => ["get", "patch", "update"],
        };
        return new DiscoveredResource(type.Group, type.Version, $"{type.Plural}/{sub}", "", type.IsNamespaced, kind, verbs, [], false);
    }

    private static SimResponse AggregatedList(IEnumerable<(string Group, string Version)> versions) => new()
    {
        ContentType = Aggregated,
        Body = new JsonObject
        {
            ["kind"] = "APIGroupDiscoveryList",
            ["apiVersion"] = "apidiscovery.k8s.io/v2",
            ["metadata"] = new JsonObject(),
            ["items"] = Json.Array(versions.Select(v => (JsonNode?)AggregatedGroup(v.Group, v.Version)).ToArray()),
        }.ToBytes(),
    };

    private static JsonObject AggregatedGroup(string group, string version)
    {
        var items = Items(group, version).ToArray();
        var resources = items.Where(i => !i.Name.Contains('/') || i.Kind.Kind == "MetricValueList").Select(i => (JsonNode?)AggregatedResource(i, items)).ToArray();
        return new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = group },
            ["versions"] = new JsonArray(new JsonObject { ["version"] = version, ["freshness"] = "Current", ["resources"] = Json.Array(resources) }),
        };
    }

    private static JsonObject AggregatedResource(DiscoveredResource item, DiscoveredResource[] all)
    {
        var json = new JsonObject
        {
            ["resource"] = item.Name,
            ["responseKind"] = Kind(item.Kind),
            ["scope"] = item.IsNamespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = item.Singular,
            ["verbs"] = Json.Texts(item.Verbs),
        };
        if (item.ShortNames.Length > 0) json["shortNames"] = Json.Texts(item.ShortNames);
        if (item.InAll) json["categories"] = Json.Texts(["all"]);
        var subresources = all.Where(i => i.Name.StartsWith(item.Name + "/", StringComparison.Ordinal)).ToArray();
        if (subresources.Length == 0) return json;
        json["subresources"] = Json.Array(subresources.Select(s => (JsonNode?)new JsonObject
        {
            ["subresource"] = s.Name[(item.Name.Length + 1)..],
            ["responseKind"] = Kind(s.Kind),
            ["verbs"] = Json.Texts(s.Verbs),
        }).ToArray());
        return json;
    }

    private static JsonObject Kind((string Group, string Version, string Kind) kind) => new() { ["group"] = kind.Group, ["version"] = kind.Version, ["kind"] = kind.Kind };

    private sealed record DiscoveredResource(
        string Group,
        string Version,
        string Name,
        string Singular,
        bool IsNamespaced,
        (string Group, string Version, string Kind) Kind,
        string[] Verbs,
        string[] ShortNames,
        bool InAll);
}
