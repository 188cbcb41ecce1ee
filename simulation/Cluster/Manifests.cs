using System.Text.Json.Nodes;
using ControlPlane.Simulation.Services;

namespace ControlPlane.Simulation.Cluster;

/// <summary>Builds the objects that the cluster itself owns.</summary>
internal static class Manifests
{
    public static JsonObject Workload(ResourceType type, string space, string name, ServiceProfile profile) => new()
    {
        ["apiVersion"] = type.ApiVersion,
        ["kind"] = type.Kind,
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = space, ["labels"] = new JsonObject { ["app"] = name } },
        ["spec"] = new JsonObject
        {
            ["replicas"] = profile.InitialReplicas,
            ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = name } },
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = name } },
                ["spec"] = new JsonObject
                {
                    ["containers"] = new JsonArray(new JsonObject
                    {
                        ["name"] = "main",
                        ["image"] = $"simulated/{name}:1.0",
                        ["resources"] = new JsonObject
                        {
                            ["requests"] = new JsonObject { ["cpu"] = Quantities.Cpu(profile.CpuRequestMillicores), ["memory"] = Quantities.Memory(profile.MemoryRequestBytes) },
                            ["limits"] = new JsonObject { ["memory"] = Quantities.Memory(profile.MemoryLimitBytes) },
                        },
                    }),
                },
            },
        },
    };

    public static JsonObject ReplicaSet(SimulatedWorkload workload, JsonObject deployment)
    {
        var template = deployment.At("spec", "template") is JsonObject t ? t.Copy() : [];
        template.Meta().Child("labels")["pod-template-hash"] = workload.Service.TemplateHash;
        var selector = deployment.At("spec", "selector") is JsonObject s ? s.Copy() : [];
        selector.Child("matchLabels")["pod-template-hash"] = workload.Service.TemplateHash;
        return new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "ReplicaSet",
            ["metadata"] = new JsonObject
            {
                ["name"] = workload.OwnerName,
                ["namespace"] = workload.Namespace,
                ["labels"] = template.At("metadata", "labels")!.DeepClone(),
                ["annotations"] = new JsonObject { ["deployment.kubernetes.io/revision"] = "1" },
                ["ownerReferences"] = new JsonArray(Owner(ResourceTypes.Deployments, deployment)),
            },
            ["spec"] = new JsonObject { ["replicas"] = workload.Service.Replicas, ["selector"] = selector, ["template"] = template },
        };
    }

    public static JsonObject Pod(SimulatedWorkload workload, SimulatedPod pod, JsonObject owner)
    {
        var template = owner.At("spec", "template") as JsonObject ?? [];
        var spec = template.At("spec") is JsonObject s ? s.Copy() : [];
        if (pod.Node is not null) spec["nodeName"] = pod.Node;
        spec["restartPolicy"] ??= "Always";
        spec["schedulerName"] ??= "default-scheduler";
        spec["terminationGracePeriodSeconds"] ??= 30;
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject
            {
                ["name"] = pod.Name,
                ["namespace"] = workload.Namespace,
                ["generateName"] = $"{workload.OwnerName}-",
                ["labels"] = template.At("metadata", "labels")?.DeepClone(),
                ["ownerReferences"] = new JsonArray(Owner(workload.OwnerType, owner)),
            },
            ["spec"] = spec,
        };
    }

    public static JsonObject Owner(ResourceType type, JsonObject owner) => new()
    {
        ["apiVersion"] = type.ApiVersion,
        ["kind"] = type.Kind,
        ["name"] = owner.Name(),
        ["uid"] = owner.Text("metadata", "uid"),
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };

    public static JsonObject Condition(string type, bool status, DateTimeOffset changed, string? reason = null, string? message = null)
    {
        var condition = new JsonObject { ["type"] = type, ["status"] = status ? "True" : "False", ["lastTransitionTime"] = Json.Time(changed) };
        if (reason is not null) condition["reason"] = reason;
        if (message is not null) condition["message"] = message;
        return condition;
    }
}
