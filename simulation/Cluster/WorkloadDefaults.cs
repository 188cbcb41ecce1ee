using System.Text.Json.Nodes;
using ControlPlane.Simulation.Services;

namespace ControlPlane.Simulation.Cluster;

/// <summary>What the API server fills in, and what it takes from a template for a workload without a model of its own.</summary>
internal static class WorkloadDefaults
{
    public static JsonObject Apply(ResourceType type, JsonObject json)
    {
        var spec = json.Child("spec");
        spec["replicas"] ??= 1;
        spec["revisionHistoryLimit"] ??= 10;
        if (type == ResourceTypes.Deployments)
        {
            spec["progressDeadlineSeconds"] ??= 600;
            spec["strategy"] ??= new JsonObject
            {
                ["type"] = "RollingUpdate",
                ["rollingUpdate"] = new JsonObject { ["maxSurge"] = "25%", ["maxUnavailable"] = "25%" },
            };
            json.Meta().Child("annotations")["deployment.kubernetes.io/revision"] ??= "1";
        }
        else
        {
            spec["podManagementPolicy"] ??= "OrderedReady";
            spec["updateStrategy"] ??= new JsonObject { ["type"] = "RollingUpdate" };
            spec["serviceName"] ??= json.Name();
        }

        var pod = spec.Child("template").Child("spec");
        pod["restartPolicy"] ??= "Always";
        pod["terminationGracePeriodSeconds"] ??= 30;
        pod["dnsPolicy"] ??= "ClusterFirst";
        pod["schedulerName"] ??= "default-scheduler";
        pod["securityContext"] ??= new JsonObject();
        foreach (var container in (pod["containers"] as JsonArray ?? []).OfType<JsonObject>())
        {
            container["imagePullPolicy"] ??= "IfNotPresent";
            container["terminationMessagePath"] ??= "/dev/termination-log";
            container["terminationMessagePolicy"] ??= "File";
            container["resources"] ??= new JsonObject();
        }

        return json;
    }

    /// <summary>A service without load whose pods ask for what the template says.</summary>
    public static ServiceProfile IdleProfile(JsonObject json)
    {
        double cpu = 0, memory = 0;
        foreach (var container in (json.At("spec", "template", "spec", "containers") as JsonArray ?? []).OfType<JsonObject>())
        {
            cpu += Quantities.Parse(container.Text("resources", "requests", "cpu")) ?? 0;
            memory += Quantities.Parse(container.Text("resources", "requests", "memory")) ?? 0;
        }

        var profile = new ServiceProfile();
        var millicores = Math.Max(1, (int)Math.Round(cpu * 1000));
        return profile with
        {
            InitialReplicas = 0,
            CpuRequestMillicores = millicores,
            CpuIdleMillicores = Math.Min(profile.CpuIdleMillicores, millicores),
            MemoryRequestBytes = (long)memory,
        };
    }
}
