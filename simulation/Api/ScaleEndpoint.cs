using System.Text.Json.Nodes;
using ControlPlane.Simulation.Cluster;

namespace ControlPlane.Simulation.Api;

/// <summary>The <c>/scale</c> subresource: <c>autoscaling/v1 Scale</c> with the resource version as precondition.</summary>
internal sealed class ScaleEndpoint(SimulatedCluster cluster)
{
    public SimResponse Handle(SimRequest request, ApiPath path)
    {
        var stored = cluster.Store.Find(path.Type, path.Namespace, path.Name!) ?? throw ApiError.NotFound(path.Type, path.Name!);
        if (request.Method == "GET") return Respond(stored);
        if (path.Type == ResourceTypes.ReplicaSets) throw new ApiError(403, "Forbidden", "a replica set is scaled by its deployment");
        var scale = request.Method switch
        {
            "PUT" => RequestBody.ReadObject(request),
            "PATCH" => Patches.Apply(request.ContentType, Scale(stored), RequestBody.Read(request)),
            _ => throw ApiError.MethodNotAllowed(),
        };
        if (scale.Text("metadata", "name") is { Length: > 0 } name && name != path.Name) throw ApiError.BadRequest($"the name of the object ({name}) does not match the name on the URL ({path.Name})");
        Admission.CheckVersion(path.Type, scale, stored);
        if (scale.At("spec", "replicas") is { } value && scale.Int("spec", "replicas") is null)
            throw ApiError.BadRequest($"Scale in version \"v1\" cannot be handled as a Scale: spec.replicas must be a whole number, not {value.ToJsonString()}");
        var replicas = scale.Int("spec", "replicas") ?? 0;
        if (replicas < 0) throw ApiError.Invalid(path.Type, path.Name!, "spec.replicas", $"Invalid value: {replicas}: must be greater than or equal to 0");
        if (stored.Json.Int("spec", "replicas") == replicas || request.Parameter("dryRun") == "All") return Respond(stored);
        var json = stored.Json.Copy();
        json.Child("spec")["replicas"] = replicas;
        json.Meta()["generation"] = (json.Int("metadata", "generation") ?? 0) + 1;
        var written = cluster.Store.Put(path.Type, json);
        cluster.OnWritten(written);
        return Respond(written);
    }

    private static SimResponse Respond(StoredObject stored) => new() { Body = Scale(stored).ToBytes() };

    private static JsonObject Scale(StoredObject stored)
    {
        var json = stored.Json;
        return new JsonObject
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = new JsonObject
            {
                ["name"] = json.Name(),
                ["namespace"] = json.Namespace(),
                ["uid"] = json.Text("metadata", "uid"),
                ["resourceVersion"] = json.Text("metadata", "resourceVersion"),
                ["creationTimestamp"] = json.Text("metadata", "creationTimestamp"),
            },
            ["spec"] = new JsonObject { ["replicas"] = json.Int("spec", "replicas") ?? 0 },
            ["status"] = new JsonObject { ["replicas"] = json.Int("status", "replicas") ?? 0, ["selector"] = LabelSelection.Format(json.At("spec", "selector")) },
        };
    }
}
