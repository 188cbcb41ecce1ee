using System.Text.Json.Nodes;
using ControlPlane.Core.Scaling.Removal;
using ControlPlane.Simulation.Randomness;
using ControlPlane.Simulation.Services;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Simulation.Cluster;

public sealed partial class SimulatedCluster
{
    /// <summary>What the controllers do after an object was written through the API.</summary>
    internal void OnWritten(StoredObject now)
    {
        var json = now.Json;
        if (now.Type == ResourceTypes.Deployments || now.Type == ResourceTypes.StatefulSets)
        {
            var replicas = json.Int("spec", "replicas") ?? 1;
            var workload = FindWorkload(now.Type, json.Namespace(), json.Name())
                ?? AddWorkload(now.Type, json, WorkloadDefaults.IdleProfile(json), LoadSeries.Constant(0), 0);
            workload.IsDirty = true;
            workload.Service.Scale(replicas);
        }
        else if (now.Type == ResourceTypes.Pods && FindPod(json) is { } pod)
        {
            pod.DeletionCost = int.TryParse(json.Text("metadata", "annotations", RemovalChoice.CostAnnotation), out var cost) ? cost : 0;
        }
        else if (now.Type == ResourceTypes.PodDisruptionBudgets)
        {
            SyncBudgets();
        }
        else if (now.Type == ResourceTypes.Nodes && Nodes.Nodes.FirstOrDefault(n => n.Name == json.Name()) is { } node)
        {
            node.IsCordoned = json.IsTrue("spec", "unschedulable");
            Nodes.HasFreedRoom |= !node.IsCordoned;
        }
    }

    /// <summary>What the controllers do after an object was deleted through the API.</summary>
    internal void OnDeleted(StoredObject gone)
    {
        var (space, name) = (gone.Json.Namespace(), gone.Json.Name());
        if (gone.Type == ResourceTypes.Namespaces)
        {
            foreach (var item in ResourceTypes.All.Where(t => t.IsNamespaced).SelectMany(Store.List).Where(o => o.Json.Namespace() == name).ToArray())
            {
                if (Store.Remove(item.Type, name, item.Json.Name()) is not null) OnDeleted(item);
            }
        }
        else if (FindWorkload(gone.Type, space, name) is { } workload)
        {
            _workloads.Remove(Key(gone.Type, space, name));
            workload.Service.Scale(0);
            if (workload.OwnerType == ResourceTypes.ReplicaSets) Store.Remove(ResourceTypes.ReplicaSets, space, workload.OwnerName);
        }
        else if (gone.Type == ResourceTypes.ReplicaSets && _workloads.Values.FirstOrDefault(w => w.Namespace == space && w.OwnerName == name) is { } owner)
        {
            // The deployment makes its replica set anew.
            if (Store.Find(owner.Type, space, owner.Name) is { } deployment) Create(ResourceTypes.ReplicaSets, Manifests.ReplicaSet(owner, deployment.Json));
            owner.IsDirty = true;
        }
    }

    /// <summary>Takes a pod away as the API's delete and eviction do.</summary>
    internal bool RemovePod(string space, string name)
    {
        foreach (var workload in _workloads.Values.Where(w => w.Namespace == space))
        {
            if (workload.Service.Pods.FirstOrDefault(p => p.Name == name) is not { } pod) continue;
            workload.Service.Delete(pod, "Killing");
            return true;
        }

        return false;
    }

    internal SimulatedWorkload? OwnerOf(string space, string pod) =>
        _workloads.Values.FirstOrDefault(w => w.Namespace == space && w.Service.Pods.Any(p => p.Name == pod));

    private SimulatedPod? FindPod(JsonObject json) =>
        OwnerOf(json.Namespace(), json.Name())?.Service.Pods.FirstOrDefault(p => p.Name == json.Name());

    private SimulatedWorkload AddWorkload(ResourceType type, JsonObject json, ServiceProfile profile, LoadSeries load, int replicas)
    {
        var (space, name) = (json.Namespace(), json.Name());
        var seed = SeededRandom.Combine(_seed, $"{space}/{type.Plural}/{name}");
        var start = new DateTimeOffset(Time.Ticks - Time.Ticks % TimeSpan.TicksPerSecond, TimeSpan.Zero);
        var service = new SimulatedService(name, profile, load, seed, start, replicas, Nodes, type == ResourceTypes.StatefulSets);
        var workload = new SimulatedWorkload(type, space, name, service);
        _workloads[Key(type, space, name)] = workload;
        if (workload.OwnerType == ResourceTypes.ReplicaSets) Create(ResourceTypes.ReplicaSets, Manifests.ReplicaSet(workload, json));
        foreach (var pod in service.Pods) PutPod(workload, pod);
        service.PodChanged = (pod, change, reason) => OnPodChanged(workload, pod, change, reason);
        return workload;
    }

    private void OnPodChanged(SimulatedWorkload workload, SimulatedPod pod, PodChange change, string reason)
    {
        workload.IsDirty = true;
        if (change == PodChange.Deleted) Store.Remove(ResourceTypes.Pods, workload.Namespace, pod.Name);
        else PutPod(workload, pod);
        RecordPodEvent(workload, pod, reason);
    }

    private void PutPod(SimulatedWorkload workload, SimulatedPod pod)
    {
        var stored = Store.Find(ResourceTypes.Pods, workload.Namespace, pod.Name);
        var owner = Store.Find(workload.OwnerType, workload.Namespace, workload.OwnerName)?.Json ?? [];
        var json = stored?.Json.Copy() ?? Manifests.Pod(workload, pod, owner);
        var spec = json.Child("spec");
        if (pod.Node is not null) spec["nodeName"] = pod.Node;
        json["status"] = PodManifest.Status(pod, spec, workload.Service.Time);
        if (stored is not null)
        {
            Store.Put(ResourceTypes.Pods, json);
            return;
        }

        json.Meta()["creationTimestamp"] = Json.Time(pod.CreatedAt);
        Create(ResourceTypes.Pods, json);
    }

    private void PlaceWaitingPods()
    {
        if (!Nodes.HasFreedRoom) return;
        Nodes.HasFreedRoom = false;
        foreach (var workload in _workloads.Values) workload.Service.PlaceWaitingPods();
    }

    private void OnNodeChanged(SimulatedNode node)
    {
        foreach (var workload in _workloads.Values)
        {
            if (node.IsLost) workload.Service.OnNodeLost(node.Name);
            else workload.Service.OnNodeRestored(node.Name);
        }

        if (Store.Find(ResourceTypes.Nodes, "", node.Name) is not { } stored) return;
        var json = stored.Json.Copy();
        json["status"] = NodeManifest.Status(node, _options, Time, Json.ParseTime(json.Text("metadata", "creationTimestamp")) ?? Time);
        Store.Put(ResourceTypes.Nodes, json);
        RecordEvent(json, node.IsLost ? "Warning" : "Normal", node.IsLost ? "NodeNotReady" : "NodeReady", $"Node {node.Name} is {(node.IsLost ? "not " : "")}ready", "node-controller");
    }
}
