using System.Text.Json.Nodes;

namespace ControlPlane.Simulation.Api;

/// <summary>The same event as <c>v1</c> and as <c>events.k8s.io/v1</c> tell it. Stored is the former.</summary>
internal static class EventForms
{
    private static readonly (string Core, string New)[] Names =
    [
        ("involvedObject", "regarding"), ("message", "note"), ("reportingComponent", "reportingController"),
        ("firstTimestamp", "deprecatedFirstTimestamp"), ("lastTimestamp", "deprecatedLastTimestamp"), ("count", "deprecatedCount"), ("source", "deprecatedSource"),
    ];

    public static JsonObject ToCore(JsonObject json)
    {
        var core = Rename(json, n => Array.Find(Names, p => p.New == n).Core);
        core["apiVersion"] = "v1";
        return core;
    }

    public static JsonObject ToNew(JsonObject json)
    {
        var fresh = Rename(json, n => Array.Find(Names, p => p.Core == n).New);
        fresh["apiVersion"] = "events.k8s.io/v1";
        fresh["eventTime"] ??= null;
        return fresh;
    }

    private static JsonObject Rename(JsonObject json, Func<string, string?> rename) =>
        new(json.Select(p => KeyValuePair.Create(rename(p.Key) ?? p.Key, p.Value?.DeepClone())));
}
