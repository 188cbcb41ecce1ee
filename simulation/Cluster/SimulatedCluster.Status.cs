using System.Text.Json.Nodes;
using ControlPlane.Simulation.Services;

namespace ControlPlane.Simulation.Cluster;

public sealed partial class SimulatedCluster
{
    private readonly Queue<(string Namespace, string Name)> _events = new();

    /// <summary>Writes an event about an object.</summary>
    internal void RecordEvent(JsonObject about, string type, string reason, string message, string component)
    {
        var space = about.Namespace() is { Length: > 0 } own ? own : "default";
        Create(ResourceTypes.Events, new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Event",
            ["metadata"] = new JsonObject { ["name"] = $"{about.Name()}.{_nextUid:x16}", ["namespace"] = space },
            ["involvedObject"] = new JsonObject
            {
                ["apiVersion"] = about.Text("apiVersion"),
                ["kind"] = about.Text("kind"),
                ["name"] = about.Name(),
                ["namespace"] = about.Namespace(),
                ["uid"] = about.Text("metadata", "uid"),
            },
            ["type"] = type,
            ["reason"] = reason,
            ["message"] = message,
            ["count"] = 1,
            ["firstTimestamp"] = Json.Time(Time),
            ["lastTimestamp"] = Json.Time(Time),
            ["source"] = new JsonObject { ["component"] = component },
            ["reportingComponent"] = component,
            ["reportingInstance"] = "",
        });
    }

    private void OnStored(ChangeRecord change)
    {
        if (change.Now.Type != ResourceTypes.Events || change.Kind != ChangeRecord.Added) return;
        _events.Enqueue((change.Now.Json.Namespace(), change.Now.Json.Name()));
        while (_events.Count > _options.Events)
        {
            var (space, name) = _events.Dequeue();
            Store.Remove(ResourceTypes.Events, space, name);
        }
    }

    private void RecordPodEvent(SimulatedWorkload workload, SimulatedPod pod, string reason)
    {
        if (reason is "SuccessfulCreate" or "SuccessfulDelete")
        {
            if (Store.Find(workload.OwnerType, workload.Namespace, workload.OwnerName) is not { } owner) return;
            var controller = workload.OwnerType == ResourceTypes.ReplicaSets ? "replicaset-controller" : "statefulset-controller";
            RecordEvent(owner.Json, "Normal", reason, $"{(reason == "SuccessfulCreate" ? "Created" : "Deleted")} pod: {pod.Name}", controller);
            return;
        }

        if (Store.Find(ResourceTypes.Pods, workload.Namespace, pod.Name) is not { } stored) return;
        var (type, message, component) = reason switch
        {
            "Scheduled" => ("Normal", $"Successfully assigned {workload.Namespace}/{pod.Name} to {pod.Node}", "default-scheduler"),
            "Started" => ("Normal", "Started container main", "kubelet"),
            "BackOff" => ("Warning", $"Back-off restarting failed container main in pod {pod.Name}", "kubelet"),
            "OOMKilling" => ("Warning", "Container main was killed: it used more memory than its limit", "kubelet"),
            "NodeNotReady" => ("Warning", "Node is not ready", "node-controller"),
            _ => ("", "", ""),
        };
        if (type.Length > 0) RecordEvent(stored.Json, type, reason, message, component);
    }

    /// <summary>Brings the statuses of workloads whose pods changed, and of disruption budgets, up to date.</summary>
    private void SyncStatuses()
    {
        var changed = false;
        foreach (var workload in _workloads.Values)
        {
            if (!workload.IsDirty) continue;
            workload.IsDirty = false;
            changed = true;
            SyncOwner(workload);
            SyncWorkload(workload);
        }

        if (changed) SyncBudgets();
    }

    private void SyncOwner(SimulatedWorkload workload)
    {
        if (workload.OwnerType != ResourceTypes.ReplicaSets) return;
        if (Store.Find(ResourceTypes.ReplicaSets, workload.Namespace, workload.OwnerName) is not { } stored) return;
        var service = workload.Service;
        var json = stored.Json.Copy();
        var before = json.Int("spec", "replicas") ?? 0;
        json.Child("spec")["replicas"] = service.Replicas;
        json["status"] = Counts(service, json, ("fullyLabeledReplicas", service.Pods.Count));
        Replace(stored, json);
        if (before == service.Replicas || Store.Find(workload.Type, workload.Namespace, workload.Name) is not { } deployment) return;
        var direction = service.Replicas > before ? "up" : "down";
        RecordEvent(deployment.Json, "Normal", "ScalingReplicaSet", $"Scaled {direction} replica set {workload.OwnerName} from {before} to {service.Replicas}", "deployment-controller");
    }

    private void SyncWorkload(SimulatedWorkload workload)
    {
        if (Store.Find(workload.Type, workload.Namespace, workload.Name) is not { } stored) return;
        var service = workload.Service;
        var json = stored.Json.Copy();
        if (json.Int("spec", "replicas") != service.Replicas)
        {
            json.Child("spec")["replicas"] = service.Replicas;
            json.Meta()["generation"] = (json.Int("metadata", "generation") ?? 0) + 1;
        }

        var status = Counts(service, json, ("updatedReplicas", service.Pods.Count));
        var missing = service.Replicas - service.ReadyReplicas;
        if (workload.Type == ResourceTypes.Deployments)
        {
            if (missing > 0) status["unavailableReplicas"] = missing;
            // A rolling update may miss a quarter: with fewer ready pods the deployment is not available.
            var isAvailable = service.ReadyReplicas >= service.Replicas - service.Replicas / 4;
            status["conditions"] = new JsonArray(
                Condition(stored.Json, "Available", isAvailable, isAvailable ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable"),
                Condition(stored.Json, "Progressing", true, missing > 0 ? "ReplicaSetUpdated" : "NewReplicaSetAvailable"));
        }
        else
        {
            status["currentReplicas"] = service.Pods.Count;
            status["currentRevision"] = $"{workload.Name}-{service.TemplateHash}";
            status["updateRevision"] = $"{workload.Name}-{service.TemplateHash}";
        }

        json["status"] = status;
        Replace(stored, json);
    }

    private JsonObject Condition(JsonObject before, string type, bool status, string reason)
    {
        var previous = (before.At("status", "conditions") as JsonArray)?.OfType<JsonObject>().FirstOrDefault(c => c.Text("type") == type);
        var since = previous?.Text("status") == (status ? "True" : "False") ? Json.ParseTime(previous.Text("lastTransitionTime")) : null;
        var condition = Manifests.Condition(type, status, since ?? Time, reason, reason);
        condition["lastUpdateTime"] = condition["lastTransitionTime"]!.DeepClone();
        return condition;
    }

    private void SyncBudgets()
    {
        foreach (var stored in Store.List(ResourceTypes.PodDisruptionBudgets).ToArray())
        {
            var json = stored.Json.Copy();
            json["status"] = DisruptionBudgets.Status(json, Store);
            Replace(stored, json);
        }
    }

    private void Replace(StoredObject stored, JsonObject json)
    {
        if (!JsonNode.DeepEquals(stored.Json, json)) Store.Put(stored.Type, json);
    }

    private static JsonObject Counts(SimulatedService service, JsonObject json, (string Name, int Count) extra)
    {
        var status = new JsonObject { ["observedGeneration"] = json.At("metadata", "generation")?.DeepClone(), ["replicas"] = service.Pods.Count };
        if (service.ReadyReplicas > 0)
        {
            status["readyReplicas"] = service.ReadyReplicas;
            status["availableReplicas"] = service.ReadyReplicas;
        }

        status[extra.Name] = extra.Count;
        return status;
    }
}
