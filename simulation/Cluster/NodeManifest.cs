using System.Text.Json.Nodes;

namespace ControlPlane.Simulation.Cluster;

/// <summary>Writes a node as its kubelet would.</summary>
internal static class NodeManifest
{
    public static JsonObject Create(SimulatedNode node, SimulatedClusterOptions options, DateTimeOffset created) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Node",
        ["metadata"] = new JsonObject
        {
            ["name"] = node.Name,
            ["labels"] = new JsonObject { ["kubernetes.io/hostname"] = node.Name, ["kubernetes.io/os"] = "linux", ["kubernetes.io/arch"] = "amd64" },
        },
        ["spec"] = new JsonObject { ["podCIDR"] = "10.244.0.0/16" },
        ["status"] = Status(node, options, created, created),
    };

    public static JsonObject Status(SimulatedNode node, SimulatedClusterOptions options, DateTimeOffset changed, DateTimeOffset created)
    {
        var room = new JsonObject
        {
            ["cpu"] = Quantities.Cpu(options.NodeCpuMillicores),
            ["memory"] = Quantities.Memory(options.NodeMemoryBytes),
            ["pods"] = options.NodePods.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        return new JsonObject
        {
            ["capacity"] = room,
            ["allocatable"] = room.DeepClone(),
            ["conditions"] = new JsonArray(
                Condition("MemoryPressure", "False", created, "KubeletHasSufficientMemory"),
                Condition("DiskPressure", "False", created, "KubeletHasNoDiskPressure"),
                Condition("PIDPressure", "False", created, "KubeletHasSufficientPID"),
                Condition("Ready", node.IsLost ? "Unknown" : "True", changed, node.IsLost ? "NodeStatusUnknown" : "KubeletReady")),
            ["addresses"] = new JsonArray(
                new JsonObject { ["type"] = "InternalIP", ["address"] = $"10.0.0.{node.Name[(node.Name.LastIndexOf('-') + 1)..]}" },
                new JsonObject { ["type"] = "Hostname", ["address"] = node.Name }),
            ["nodeInfo"] = new JsonObject
            {
                ["kubeletVersion"] = SimulatedCluster.KubernetesVersion,
                ["kubeProxyVersion"] = SimulatedCluster.KubernetesVersion,
                ["osImage"] = "Simulated Linux",
                ["kernelVersion"] = "6.0-simulated",
                ["containerRuntimeVersion"] = "simulated://1.0",
                ["operatingSystem"] = "linux",
                ["architecture"] = "amd64",
                ["machineID"] = node.Name,
                ["systemUUID"] = node.Name,
                ["bootID"] = node.Name,
            },
        };
    }

    private static JsonObject Condition(string type, string status, DateTimeOffset time, string reason) => new()
    {
        ["type"] = type,
        ["status"] = status,
        ["lastHeartbeatTime"] = Json.Time(time),
        ["lastTransitionTime"] = Json.Time(time),
        ["reason"] = reason,
        ["message"] = reason,
    };
}
