using System.Text.Json.Nodes;
using ControlPlane.Simulation.Cluster;

namespace ControlPlane.Simulation.Api;

/// <summary>The <c>pods/eviction</c> subresource: takes a pod away unless a disruption budget forbids it.</summary>
internal sealed class EvictionEndpoint(SimulatedCluster cluster)
{
    public SimResponse Handle(SimRequest request, ApiPath path)
    {
        if (request.Method != "POST") throw ApiError.MethodNotAllowed();
        var body = request.Body.IsEmpty ? [] : RequestBody.ReadObject(request);
        var pod = cluster.Store.Find(ResourceTypes.Pods, path.Namespace, path.Name!) ?? throw ApiError.NotFound(ResourceTypes.Pods, path.Name!);
        if (body.At("deleteOptions") is JsonObject options) Admission.CheckPreconditions(ResourceTypes.Pods, options, pod);
        CheckBudgets(pod);
        var isDry = request.Parameter("dryRun") == "All" || body.At("deleteOptions", "dryRun") is JsonArray { Count: > 0 };
        if (!isDry) cluster.RemovePod(path.Namespace, path.Name!);
        var status = new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["code"] = 201 };
        return new SimResponse { StatusCode = 201, Body = status.ToBytes() };
    }

    private void CheckBudgets(StoredObject pod)
    {
        // A pod that has not started yet protects nothing.
        if (pod.Json.Text("status", "phase") == "Pending") return;
        var budgets = cluster.Store.List(ResourceTypes.PodDisruptionBudgets)
            .Where(b => b.Json.Namespace() == pod.Json.Namespace() && LabelSelection.FromObject(b.Json.At("spec", "selector")).Matches(pod.Json))
            .ToList();
        if (budgets.Count > 1) throw new ApiError(500, "InternalError", "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
        if (budgets.Count == 0) return;
        var status = DisruptionBudgets.Status(budgets[0].Json, cluster.Store);
        var healthy = status.Int("currentHealthy") ?? 0;
        var wanted = status.Int("desiredHealthy") ?? 0;
        // Default policy IfHealthyBudget: a pod that is not ready may go while the others keep the budget.
        if (DisruptionBudgets.IsReady(pod.Json) ? healthy > wanted : healthy >= wanted) return;
        throw new ApiError(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.")
        {
            Details = new JsonObject
            {
                ["causes"] = new JsonArray(new JsonObject
                {
                    ["reason"] = "DisruptionBudget",
                    ["message"] = $"The disruption budget {budgets[0].Json.Name()} needs {wanted} healthy pods and has {healthy} currently",
                }),
            },
        };
    }
}
