using System.Globalization;
using System.Text.Json.Nodes;
using ControlPlane.Simulation.Api;

namespace ControlPlane.Simulation.Cluster;

/// <summary>How many pods a disruption budget lets go.</summary>
internal static class DisruptionBudgets
{
    public static JsonObject Status(JsonObject budget, ObjectStore store)
    {
        var selector = LabelSelection.FromObject(budget.At("spec", "selector"));
        var pods = store.List(ResourceTypes.Pods).Where(p => p.Json.Namespace() == budget.Namespace() && selector.Matches(p.Json)).ToArray();
        var healthy = pods.Count(p => IsReady(p.Json));
        var wanted = Wanted(budget, pods.Length);
        return new JsonObject
        {
            ["currentHealthy"] = healthy,
            ["desiredHealthy"] = wanted,
            ["expectedPods"] = pods.Length,
            ["disruptionsAllowed"] = Math.Max(0, healthy - wanted),
            ["observedGeneration"] = budget.At("metadata", "generation")?.DeepClone(),
        };
    }

    public static bool IsReady(JsonObject pod) =>
        (pod.At("status", "conditions") as JsonArray ?? []).Any(c => c.Text("type") == "Ready" && c.Text("status") == "True");

    private static int Wanted(JsonObject budget, int pods)
    {
        if (budget.At("spec", "minAvailable") is { } least) return Amount(least, pods);
        return budget.At("spec", "maxUnavailable") is { } most ? Math.Max(0, pods - Amount(most, pods)) : pods;
    }

    /// <summary>A number, or a percentage rounded up as Kubernetes does.</summary>
    private static int Amount(JsonNode value, int pods)
    {
        var text = value.Text() ?? "0";
        if (!text.EndsWith('%')) return int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0;
        return double.TryParse(text[..^1], CultureInfo.InvariantCulture, out var share) ? (int)Math.Ceiling(share * pods / 100) : 0;
    }
}
