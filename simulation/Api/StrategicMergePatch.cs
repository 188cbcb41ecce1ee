using System.Text.Json.Nodes;
using ControlPlane.Simulation.Cluster;

namespace ControlPlane.Simulation.Api;

/// <summary>Kubernetes' merge patch that knows which lists are maps: by field name for the kinds that the simulation stores.</summary>
internal static class StrategicMergePatch
{
    private static readonly Dictionary<string, string> MergeKeys = new(StringComparer.Ordinal)
    {
        ["containers"] = "name",
        ["initContainers"] = "name",
        ["env"] = "name",
        ["volumes"] = "name",
        ["volumeMounts"] = "mountPath",
        ["imagePullSecrets"] = "name",
        ["conditions"] = "type",
        ["ownerReferences"] = "uid",
        ["addresses"] = "type",
        ["ports"] = "containerPort",
        ["taints"] = "key",
    };

    public static JsonObject Apply(JsonObject target, JsonObject patch)
    {
        if (patch.Text("$patch") == "replace") return WithoutDirectives(patch);
        var result = target.Copy();
        foreach (var (name, value) in patch)
        {
            if (name.StartsWith("$deleteFromPrimitiveList/", StringComparison.Ordinal)) DeleteValues(result, name[(name.IndexOf('/') + 1)..], value as JsonArray);
            else if (name == "$retainKeys") Retain(result, value as JsonArray);
            else if (name.StartsWith('$')) continue;
            else if (value is null) result.Remove(name);
            else if (value is JsonObject inner) SetObject(result, name, inner);
            else if (value is JsonArray list && MergeKeys.TryGetValue(name, out var key) && list.All(i => i is JsonObject)) result[name] = MergeList(result[name] as JsonArray ?? [], list, key);
            else if (value is JsonArray values && name == "finalizers") result[name] = Union(result[name] as JsonArray ?? [], values);
            else result[name] = value.DeepClone();
        }

        return result;
    }

    private static void SetObject(JsonObject result, string name, JsonObject patch)
    {
        if (patch.Text("$patch") == "delete") result.Remove(name);
        else result[name] = Apply(result[name] as JsonObject ?? [], patch);
    }

    private static JsonArray MergeList(JsonArray target, JsonArray patch, string key)
    {
        if (patch.Any(i => i.Text("$patch") == "replace")) return [.. patch.OfType<JsonObject>().Where(i => i.Text("$patch") is null).Select(i => i.DeepClone())];
        // A service's ports have no container port.
        if (patch.OfType<JsonObject>().Any(i => i[key] is null)) return (JsonArray)patch.DeepClone();
        var result = (JsonArray)target.DeepClone();
        foreach (var item in patch.OfType<JsonObject>())
        {
            var index = result.ToList().FindIndex(r => r.Text(key) == item.Text(key));
            if (item.Text("$patch") == "delete")
            {
                if (index >= 0) result.RemoveAt(index);
            }
            else if (index >= 0) result[index] = Apply((JsonObject)result[index]!, item);
            else result.Add(WithoutDirectives(item));
        }

        return result;
    }

    private static JsonArray Union(JsonArray target, JsonArray patch) =>
        Json.Texts(target.Concat(patch).Select(v => v.Text() ?? "").Distinct());

    private static void DeleteValues(JsonObject result, string name, JsonArray? values)
    {
        if (result[name] is not JsonArray list || values is null) return;
        var gone = values.Select(v => v.Text()).ToHashSet();
        result[name] = Json.Array(list.Where(v => !gone.Contains(v.Text())).Select(v => v?.DeepClone()).ToArray());
    }

    private static void Retain(JsonObject result, JsonArray? names)
    {
        var kept = (names ?? []).Select(n => n.Text()).ToHashSet();
        foreach (var name in result.Select(p => p.Key).Where(n => !kept.Contains(n)).ToArray()) result.Remove(name);
    }

    private static JsonObject WithoutDirectives(JsonObject patch) => Apply([], new JsonObject(patch.Where(p => p.Key != "$patch").Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))));
}
