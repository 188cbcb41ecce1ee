using System.Text.Json.Nodes;
using ControlPlane.Simulation.Cluster;

namespace ControlPlane.Simulation.Api;

/// <summary>Schemas of the parts of the stored kinds that the simulation knows. A schema is written as lines <c>name type description</c>.</summary>
internal static class OpenApiSchemas
{
    private const string ObjectMeta = "ObjectMeta";

    private static readonly Dictionary<string, (string Description, string[] Fields)> Parts = new(StringComparer.Ordinal)
    {
        [ObjectMeta] = ("Metadata that all persisted resources have.",
        [
            "name string Name must be unique within a namespace.", "generateName string Prefix of a generated name.", "namespace string Space within which each name must be unique.",
            "labels map Keys and values that organize and categorize objects.", "annotations map Unstructured keys and values set by tools.",
            "uid string Unique in time and space.", "resourceVersion string Internal version of the object.", "generation integer Sequence number of the desired state.",
            "creationTimestamp string When the object was created.", "deletionTimestamp string When the object will be deleted.",
            "ownerReferences []OwnerReference Objects that this object depends on.", "finalizers []string Must be empty before the object is deleted.",
        ]),
        ["OwnerReference"] = ("Identifies an owning object.", ["apiVersion string API version of the owner.", "kind string Kind of the owner.", "name string Name of the owner.", "uid string UID of the owner.", "controller boolean Whether the owner manages the object."]),
        ["LabelSelector"] = ("A label query over a set of resources.", ["matchLabels map Keys and values that must be equal.", "matchExpressions []LabelSelectorRequirement Requirements that must all hold."]),
        ["LabelSelectorRequirement"] = ("A selector that relates a key and values.", ["key string The label key.", "operator string In, NotIn, Exists or DoesNotExist.", "values []string The values."]),
        ["PodTemplateSpec"] = ("Describes the pods that will be created.", ["metadata ObjectMeta Standard object's metadata.", "spec PodSpec Desired behaviour of the pod."]),
        ["PodSpec"] = ("Describes a pod.",
        [
            "containers []Container Containers belonging to the pod.", "initContainers []Container Containers that run before.", "nodeName string The node that runs the pod.", "nodeSelector map Labels that the node must have.",
            "restartPolicy string Always, OnFailure or Never.", "schedulerName string The scheduler that places the pod.", "serviceAccountName string The account to run as.", "terminationGracePeriodSeconds integer Time to end gracefully.",
        ]),
        ["Container"] = ("A single application container.", ["name string Unique within the pod.", "image string Container image name.", "command []string Entry point.", "args []string Arguments of the entry point.", "resources ResourceRequirements Compute resources required by the container.", "imagePullPolicy string Always, Never or IfNotPresent."]),
        ["ResourceRequirements"] = ("Compute resource requirements.", ["requests map Minimum amount of compute resources.", "limits map Maximum amount of compute resources."]),
        ["DeploymentSpec"] = ("The specification of the desired behaviour of a deployment.",
        [
            "replicas integer Number of desired pods. Defaults to 1.", "selector LabelSelector Label selector for pods.", "template PodTemplateSpec Describes the pods that will be created.", "strategy object How to replace existing pods with new ones.",
            "minReadySeconds integer Seconds a new pod must be ready to count as available.", "paused boolean Whether the deployment is paused.", "progressDeadlineSeconds integer Seconds to make progress.", "revisionHistoryLimit integer Old replica sets to keep.",
        ]),
        ["DeploymentStatus"] = ("The most recently observed status of a deployment.", ["replicas integer Pods that are not terminated.", "readyReplicas integer Pods that are ready.", "availableReplicas integer Pods that are available.", "unavailableReplicas integer Pods that are missing.", "updatedReplicas integer Pods with the desired template.", "observedGeneration integer Generation seen by the controller.", "conditions []object Latest observations."]),
        ["ReplicaSetSpec"] = ("The specification of a replica set.", ["replicas integer Number of desired pods.", "selector LabelSelector Label query over pods.", "template PodTemplateSpec Describes the pods.", "minReadySeconds integer Seconds a new pod must be ready."]),
        ["StatefulSetSpec"] = ("The specification of a stateful set.", ["replicas integer Number of desired pods.", "selector LabelSelector Label query over pods.", "template PodTemplateSpec Describes the pods.", "serviceName string Name of the governing service.", "podManagementPolicy string OrderedReady or Parallel.", "updateStrategy object How to update pods."]),
        ["PodDisruptionBudgetSpec"] = ("Description of a disruption budget.", ["minAvailable string Pods that must stay available, a number or a percentage.", "maxUnavailable string Pods that may be unavailable, a number or a percentage.", "selector LabelSelector Pods that the budget is about."]),
        ["HorizontalPodAutoscalerSpec"] = ("The desired behaviour of the autoscaler.", ["scaleTargetRef object The target resource to scale.", "minReplicas integer Lower limit of replicas.", "maxReplicas integer Upper limit of replicas.", "metrics []object Metrics to calculate replicas from.", "behavior object Scaling in both directions."]),
        ["LeaseSpec"] = ("The specification of a lease.", ["holderIdentity string The holder.", "leaseDurationSeconds integer Duration of the lease.", "acquireTime string When it was acquired.", "renewTime string When it was last renewed.", "leaseTransitions integer Number of changes of holder."]),
        ["NodeSpec"] = ("Describes a node.", ["podCIDR string Range of pod addresses.", "unschedulable boolean Whether new pods are kept off.", "taints []object The node's taints.", "providerID string ID of the node at its provider."]),
    };

    private static readonly Dictionary<string, string> Descriptions = new(StringComparer.Ordinal)
    {
        ["Deployment"] = "Deployment enables declarative updates for Pods and ReplicaSets.",
        ["ReplicaSet"] = "ReplicaSet ensures that a specified number of pod replicas are running at any given time.",
        ["StatefulSet"] = "StatefulSet represents a set of pods with consistent identities.",
        ["Pod"] = "Pod is a collection of containers that can run on a host.",
        ["Node"] = "Node is a worker node in Kubernetes.",
        ["Namespace"] = "Namespace provides a scope for names.",
        ["Event"] = "Event is a report of an event somewhere in the cluster.",
        ["Lease"] = "Lease defines a lease concept.",
        ["PodDisruptionBudget"] = "PodDisruptionBudget limits the disruption to a collection of pods.",
        ["HorizontalPodAutoscaler"] = "HorizontalPodAutoscaler scales a target automatically; the simulation only stores it.",
    };

    public static JsonObject For(IEnumerable<ResourceType> types, string prefix)
    {
        var schemas = new JsonObject();
        foreach (var (name, (description, fields)) in Parts) schemas[name] = Schema(description, fields, prefix);
        foreach (var type in types) schemas[NameOf(type)] = Root(type, prefix);
        return schemas;
    }

    public static JsonObject KindOf(ResourceType type) => new() { ["group"] = type.Group, ["version"] = type.Version, ["kind"] = type.Kind };

    private static string NameOf(ResourceType type) => $"io.k8s.api.{(type.Group.Length == 0 ? "core" : type.Group.Split('.')[0])}.{type.Version}.{type.Kind}";

    private static JsonObject Root(ResourceType type, string prefix)
    {
        var spec = Parts.ContainsKey($"{type.Kind}Spec") ? $"{type.Kind}Spec" : "object";
        var status = Parts.ContainsKey($"{type.Kind}Status") ? $"{type.Kind}Status" : "object";
        var schema = Schema(
            Descriptions.GetValueOrDefault(type.Kind, $"{type.Kind} is stored by the simulation as it is."),
            [
                "apiVersion string The versioned schema of this representation of an object.", "kind string The REST resource that this object represents.",
                "metadata ObjectMeta Standard object's metadata.", $"spec {spec} Specification of the desired behaviour.", $"status {status} Most recently observed status.",
            ],
            prefix);
        schema["x-kubernetes-group-version-kind"] = new JsonArray(KindOf(type));
        return schema;
    }

    private static JsonObject Schema(string description, string[] fields, string prefix)
    {
        var properties = new JsonObject();
        foreach (var field in fields)
        {
            var words = field.Split(' ', 3);
            properties[words[0]] = Property(words[1], words[2], prefix);
        }

        return new JsonObject { ["type"] = "object", ["description"] = description, ["properties"] = properties };
    }

    private static JsonObject Property(string type, string description, string prefix)
    {
        if (type.StartsWith("[]", StringComparison.Ordinal))
            return new JsonObject { ["type"] = "array", ["description"] = description, ["items"] = Property(type[2..], "", prefix) };
        if (type == "map")
            return new JsonObject { ["type"] = "object", ["description"] = description, ["additionalProperties"] = new JsonObject { ["type"] = "string" } };
        if (!Parts.ContainsKey(type)) return new JsonObject { ["type"] = type, ["description"] = description };
        // A reference may not have siblings: kubectl expects it wrapped.
        return new JsonObject { ["description"] = description, ["allOf"] = new JsonArray(new JsonObject { ["$ref"] = prefix + type }) };
    }
}
