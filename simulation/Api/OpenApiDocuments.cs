using System.Text.Json.Nodes;
using ControlPlane.Simulation.Cluster;

namespace ControlPlane.Simulation.Api;

/// <summary>OpenAPI documents: enough for <c>kubectl explain</c> and for kubectl to know that the server checks fields.</summary>
internal static class OpenApiDocuments
{
    public static SimResponse Find(SimRequest request, string[] parts)
    {
        if (request.Accept.Contains("protobuf", StringComparison.Ordinal) && !request.Accept.Contains("json", StringComparison.Ordinal) && parts is [_, "v3", ..])
            throw new ApiError(406, "NotAcceptable", "the simulated API describes itself as JSON only");
        return parts[1..] switch
        {
            ["v2"] => new SimResponse { Body = V2().ToBytes() },
            ["v3"] => new SimResponse { Body = Paths().ToBytes() },
            ["v3", "api", "v1"] => new SimResponse { Body = V3("", "v1").ToBytes() },
            ["v3", "apis", var group, var version] => new SimResponse { Body = V3(group, version).ToBytes() },
            _ => throw ApiError.NotFound(),
        };
    }

    private static JsonObject Paths()
    {
        var paths = new JsonObject();
        foreach (var (group, version) in DiscoveryEndpoints.GroupVersions())
        {
            var path = group.Length == 0 ? $"api/{version}" : $"apis/{group}/{version}";
            paths[path] = new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{path}" };
        }

        return new JsonObject { ["paths"] = paths };
    }

    private static JsonObject V3(string group, string version)
    {
        var types = ResourceTypes.All.Where(t => t.Group == group && t.Version == version).ToArray();
        var paths = new JsonObject();
        foreach (var type in types) paths[PathOf(type)] = PathItem(type);
        return new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = Info(),
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = OpenApiSchemas.For(types, "#/components/schemas/") },
        };
    }

    private static JsonObject V2() => new()
    {
        ["swagger"] = "2.0",
        ["info"] = Info(),
        ["paths"] = new JsonObject(),
        ["definitions"] = OpenApiSchemas.For(ResourceTypes.All, "#/definitions/"),
    };

    private static JsonObject Info() => new() { ["title"] = "Kubernetes", ["version"] = SimulatedCluster.KubernetesVersion };

    private static string PathOf(ResourceType type)
    {
        var prefix = type.Group.Length == 0 ? $"/api/{type.Version}" : $"/apis/{type.Group}/{type.Version}";
        return type.IsNamespaced ? $"{prefix}/namespaces/{{namespace}}/{type.Plural}/{{name}}" : $"{prefix}/{type.Plural}/{{name}}";
    }

    private static JsonObject PathItem(ResourceType type)
    {
        var item = new JsonObject();
        foreach (var (method, verb) in new[] { ("get", "get"), ("put", "put"), ("patch", "patch"), ("delete", "delete") })
        {
            item[method] = new JsonObject
            {
                ["x-kubernetes-action"] = verb,
                ["x-kubernetes-group-version-kind"] = OpenApiSchemas.KindOf(type),
                ["parameters"] = new JsonArray(Parameter("dryRun"), Parameter("fieldManager"), Parameter("fieldValidation")),
                ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "OK" } },
            };
        }

        return item;
    }

    private static JsonObject Parameter(string name) => new() { ["name"] = name, ["in"] = "query", ["schema"] = new JsonObject { ["type"] = "string" } };
}
