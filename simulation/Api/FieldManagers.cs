using System.Text.Json.Nodes;
using ControlPlane.Simulation.Cluster;

namespace ControlPlane.Simulation.Api;

/// <summary>Notes who applied an object. Which field belongs to whom is not tracked: the last applier wins.</summary>
internal static class FieldManagers
{
    public static void Record(JsonObject json, string manager, string apiVersion, DateTimeOffset time)
    {
        var entries = json.Meta()["managedFields"] as JsonArray ?? [];
        var kept = entries.Where(e => e.Text("manager") != manager || e.Text("operation") != "Apply").Select(e => e?.DeepClone()).ToList();
        kept.Add(new JsonObject { ["manager"] = manager, ["operation"] = "Apply", ["apiVersion"] = apiVersion, ["time"] = Json.Time(time), ["fieldsType"] = "FieldsV1", ["fieldsV1"] = new JsonObject() });
        json.Meta()["managedFields"] = Json.Array(kept);
    }
}
