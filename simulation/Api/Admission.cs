using System.Globalization;
using System.Text.Json.Nodes;
using ControlPlane.Simulation.Cluster;

namespace ControlPlane.Simulation.Api;

/// <summary>What the API server checks before it stores an object.</summary>
internal static class Admission
{
    public static void Check(ResourceType type, JsonObject json, JsonObject? before)
    {
        var name = json.Name();
        if (json.Text("kind") is { } kind && kind != type.Kind) throw ApiError.BadRequest($"the kind '{kind}' does not belong to {type.Plural}");
        if (json.Text("apiVersion") is { } version && version != type.ApiVersion && type != ResourceTypes.NewEvents && type != ResourceTypes.Events)
            throw ApiError.BadRequest($"the API version in the data ({version}) does not match the expected API version ({type.ApiVersion})");
        if (name.Length > 253 || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.' or ':'))
            throw ApiError.Invalid(type, name, "metadata.name", $"Invalid value: \"{name}\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'");
        if (type == ResourceTypes.Deployments || type == ResourceTypes.StatefulSets) CheckWorkload(type, name, json, before);
        if (type == ResourceTypes.HorizontalPodAutoscalers && !(json.Int("spec", "maxReplicas") >= Math.Max(1, json.Int("spec", "minReplicas") ?? 1)))
            throw ApiError.Invalid(type, name, "spec.maxReplicas", "Invalid value: must be greater than or equal to minReplicas and to 1");
    }

    /// <summary>A resource version or uid in the data is a precondition.</summary>
    public static void CheckVersion(ResourceType type, JsonObject json, StoredObject before)
    {
        var version = json.Text("metadata", "resourceVersion");
        if (!string.IsNullOrEmpty(version) && version != before.Json.Text("metadata", "resourceVersion")) throw ApiError.Conflict(type, before.Json.Name());
        var uid = json.Text("metadata", "uid");
        if (!string.IsNullOrEmpty(uid) && uid != before.Json.Text("metadata", "uid")) throw ApiError.Conflict(type, before.Json.Name());
    }

    public static void CheckPreconditions(ResourceType type, JsonObject options, StoredObject before)
    {
        var uid = options.Text("preconditions", "uid");
        var version = options.Text("preconditions", "resourceVersion");
        if ((uid is not null && uid != before.Json.Text("metadata", "uid")) || (version is not null && version != before.Json.Text("metadata", "resourceVersion")))
            throw ApiError.Conflict(type, before.Json.Name());
    }

    /// <summary>Keeps what a client cannot change, counts the generation up when the spec changed, and parts spec from status writes.</summary>
    public static void KeepIdentity(JsonObject json, JsonObject before, bool isStatus)
    {
        var meta = json.Meta();
        foreach (var name in new[] { "uid", "creationTimestamp", "resourceVersion", "generation", "name", "namespace" })
        {
            if (before.At("metadata", name) is { } value) meta[name] = value.DeepClone();
        }

        if (isStatus) json["spec"] = before["spec"]?.DeepClone();
        else if (before["status"] is { } status) json["status"] = status.DeepClone();
        if (before["spec"] is { } spec && !JsonNode.DeepEquals(spec, json["spec"])) meta["generation"] = (before.Int("metadata", "generation") ?? 0) + 1;
    }

    private static void CheckWorkload(ResourceType type, string name, JsonObject json, JsonObject? before)
    {
        if (json.At("spec", "replicas") is { } replicas)
        {
            if (json.Int("spec", "replicas") is not { } count)
                throw ApiError.BadRequest($"{type.Kind} in version \"{type.Version}\" cannot be handled as a {type.Kind}: spec.replicas must be a whole number, not {replicas.ToJsonString()}");
            if (count < 0) throw ApiError.Invalid(type, name, "spec.replicas", $"Invalid value: {count.ToString(CultureInfo.InvariantCulture)}: must be greater than or equal to 0");
        }

        var template = json.At("spec", "template");
        if (LabelSelection.Format(json.At("spec", "selector")).Length == 0) throw ApiError.Invalid(type, name, "spec.selector", "Required value");
        if (template is not JsonObject t || !LabelSelection.FromObject(json.At("spec", "selector")).Matches(t))
            throw ApiError.Invalid(type, name, "spec.template.metadata.labels", "Invalid value: `selector` does not match template `labels`");
        if (template.At("spec", "containers") is not JsonArray { Count: > 0 }) throw ApiError.Invalid(type, name, "spec.template.spec.containers", "Required value");
        if (before is not null && !JsonNode.DeepEquals(before.At("spec", "selector"), json.At("spec", "selector")))
            throw ApiError.Invalid(type, name, "spec.selector", "Invalid value: field is immutable");
    }
}
