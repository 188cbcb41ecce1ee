using System.Text.Json.Nodes;
using ControlPlane.Simulation.Services;

namespace ControlPlane.Simulation.Cluster;

/// <summary>Writes a pod's status as the kubelet would.</summary>
internal static class PodManifest
{
    public static JsonObject Status(SimulatedPod pod, JsonObject spec, DateTimeOffset now)
    {
        if (pod.Node is null)
        {
            var message = "no node has enough free cpu, memory or pod slots";
            return new JsonObject
            {
                ["phase"] = "Pending",
                ["qosClass"] = "Burstable",
                ["conditions"] = new JsonArray(Manifests.Condition("PodScheduled", false, pod.CreatedAt, "Unschedulable", message)),
            };
        }

        var started = pod.StartedAt ?? pod.CreatedAt;
        var readyChanged = pod.ReadyChangedAt ?? started;
        var reason = pod.IsReady ? null : "ContainersNotReady";
        var status = new JsonObject
        {
            ["phase"] = pod.IsRunning ? "Running" : "Pending",
            ["qosClass"] = "Burstable",
            ["startTime"] = Json.Time(started),
            ["hostIP"] = Address(pod.Node, 10, 0),
            ["conditions"] = new JsonArray(
                Manifests.Condition("Initialized", true, started),
                Manifests.Condition("Ready", pod.IsReady, readyChanged, reason),
                Manifests.Condition("ContainersReady", pod.IsReady, readyChanged, reason),
                Manifests.Condition("PodScheduled", true, started)),
            ["containerStatuses"] = Json.Array(Containers(spec).Select(c => (JsonNode?)Container(pod, c, now))),
        };
        if (!pod.IsRunning) return status;
        var address = Address(pod.Name, 10, 244);
        status["podIP"] = address;
        status["podIPs"] = new JsonArray(new JsonObject { ["ip"] = address });
        return status;
    }

    private static IEnumerable<JsonObject> Containers(JsonObject spec) => (spec["containers"] as JsonArray ?? []).OfType<JsonObject>();

    private static JsonObject Container(SimulatedPod pod, JsonObject container, DateTimeOffset now)
    {
        var status = new JsonObject
        {
            ["name"] = container.Text("name"),
            ["image"] = container.Text("image"),
            ["imageID"] = "",
            ["ready"] = pod.IsReady,
            ["started"] = pod.IsReady,
            ["restartCount"] = pod.RestartCount,
            ["lastState"] = new JsonObject(),
            ["state"] = pod.IsRunning
                ? new JsonObject { ["running"] = new JsonObject { ["startedAt"] = Json.Time(pod.LastTerminatedAt ?? pod.RunningAt) } }
                : new JsonObject { ["waiting"] = new JsonObject { ["reason"] = "ContainerCreating" } },
        };
        if (pod.LastTermination is { } reason)
        {
            status["lastState"] = new JsonObject
            {
                ["terminated"] = new JsonObject
                {
                    ["reason"] = reason,
                    ["exitCode"] = reason == "OOMKilled" ? 137 : 1,
                    ["finishedAt"] = Json.Time(pod.LastTerminatedAt ?? now),
                },
            };
        }

        return status;
    }

    private static string Address(string name, int first, int second)
    {
        var bits = Randomness.SeededRandom.Combine(1, name);
        return $"{first}.{second}.{bits & 0xff}.{1 + (bits >> 8) % 254}";
    }
}
