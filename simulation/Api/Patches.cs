using System.Globalization;
using System.Text.Json.Nodes;
using ControlPlane.Simulation.Cluster;

namespace ControlPlane.Simulation.Api;

/// <summary>The ways in which Kubernetes lets an object be changed in part. Each gives a new document.</summary>
internal static class Patches
{
    public static JsonObject Apply(string contentType, JsonObject target, JsonNode patch) => contentType switch
    {
        "application/merge-patch+json" => Merge(target, Object(patch)),
        "application/strategic-merge-patch+json" => StrategicMergePatch.Apply(target, Object(patch)),
        "application/apply-patch+yaml" => StrategicMergePatch.Apply(target, Object(patch)),
        "application/json-patch+json" => JsonPatch(target, patch as JsonArray ?? throw ApiError.BadRequest("a JSON patch must be an array")),
        _ => throw new ApiError(415, "UnsupportedMediaType", $"the body of the request was in an unknown format: '{contentType}'"),
    };

    /// <summary>RFC 7386.</summary>
    private static JsonObject Merge(JsonObject target, JsonObject patch)
    {
        var result = target.Copy();
        foreach (var (name, value) in patch)
        {
            if (value is null) result.Remove(name);
            else if (value is JsonObject inner) result[name] = Merge(result[name] as JsonObject ?? [], inner);
            else result[name] = value.DeepClone();
        }

        return result;
    }

    /// <summary>RFC 6902.</summary>
    private static JsonObject JsonPatch(JsonObject target, JsonArray operations)
    {
        var result = target.Copy();
        foreach (var operation in operations)
        {
            var path = Pointer(operation.Text("path"));
            var value = operation.At("value");
            switch (operation.Text("op"))
            {
                case "add":
                    Set(result, path, value?.DeepClone(), isInsert: true);
                    break;
                case "replace":
                    Take(result, path, isRemoved: false);
                    Set(result, path, value?.DeepClone(), isInsert: false);
                    break;
                case "remove":
                    Take(result, path, isRemoved: true);
                    break;
                case "move":
                    Set(result, path, Take(result, Pointer(operation.Text("from")), isRemoved: true), isInsert: true);
                    break;
                case "copy":
                    Set(result, path, Take(result, Pointer(operation.Text("from")), isRemoved: false)?.DeepClone(), isInsert: true);
                    break;
                case "test" when !JsonNode.DeepEquals(Take(result, path, isRemoved: false), value):
                    throw new ApiError(422, "Invalid", $"the test of '{operation.Text("path")}' failed");
                case "test":
                    break;
                default:
                    throw ApiError.BadRequest($"unknown operation '{operation.Text("op")}' in a JSON patch");
            }
        }

        return result;
    }

    private static string[] Pointer(string? path)
    {
        if (path is null || !path.StartsWith('/')) throw ApiError.BadRequest($"'{path}' is not a JSON pointer");
        return [.. path[1..].Split('/').Select(p => p.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
    }

    private static JsonNode? Take(JsonObject root, string[] path, bool isRemoved)
    {
        var parent = Parent(root, path);
        var last = path[^1];
        if (parent is JsonObject obj && obj.TryGetPropertyValue(last, out var value))
        {
            if (isRemoved) obj.Remove(last);
            return value;
        }

        if (parent is JsonArray array && int.TryParse(last, CultureInfo.InvariantCulture, out var index) && index >= 0 && index < array.Count)
        {
            var item = array[index];
            if (isRemoved) array.RemoveAt(index);
            return item;
        }

        throw new ApiError(422, "Invalid", $"there is nothing at '/{string.Join('/', path)}'");
    }

    private static void Set(JsonObject root, string[] path, JsonNode? value, bool isInsert)
    {
        var parent = Parent(root, path);
        if (parent is JsonObject obj)
        {
            obj[path[^1]] = value;
            return;
        }

        if (parent is JsonArray array)
        {
            if (path[^1] == "-") array.Add(value);
            else if (int.TryParse(path[^1], CultureInfo.InvariantCulture, out var index) && index >= 0 && index <= array.Count)
            {
                if (isInsert) array.Insert(index, value);
                else array[index] = value;
            }

            return;
        }

        throw new ApiError(422, "Invalid", $"there is nothing at '/{string.Join('/', path[..^1])}'");
    }

    private static JsonNode? Parent(JsonNode root, string[] path)
    {
        JsonNode? node = root;
        foreach (var part in path.AsSpan(0, path.Length - 1))
        {
            node = node switch
            {
                JsonObject obj => obj[part],
                JsonArray array when int.TryParse(part, CultureInfo.InvariantCulture, out var index) && index >= 0 && index < array.Count => array[index],
                _ => null,
            };
        }

        return node;
    }

    private static JsonObject Object(JsonNode patch) => patch as JsonObject ?? throw ApiError.BadRequest("a merge patch must be an object");
}
