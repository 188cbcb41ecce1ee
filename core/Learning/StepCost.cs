using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;

namespace ControlPlane.Core.Learning;

/// <summary>
/// What a step costs by the policy's own prices, in pod-steps: the pods, the price of a violation where there was less capacity than demand (dearer where more is at work
/// and where more is missed, as in <see cref="ReplicaPrices"/>), and the price of a change.
/// </summary>
public static class StepCost
{
    /// <summary>Whether there was less capacity than demand; false where one of them is unknown.</summary>
    /// <param name="ready">Pods that served.</param>
    /// <param name="demand">Requests per second.</param>
    /// <param name="capacity">Requests per second of one pod.</param>
    public static bool IsViolated(int? ready, double? demand, double? capacity) => demand is { } d && capacity is { } each && ready is { } pods && d > pods * each;

    /// <summary>The cost.</summary>
    /// <param name="policy">The prices.</param>
    /// <param name="pods">Pods, starting ones included.</param>
    /// <param name="ready">Pods that served; null when unknown.</param>
    /// <param name="demand">Requests per second; null when unknown.</param>
    /// <param name="capacity">Requests per second of one pod; null when unknown.</param>
    /// <param name="isChanged">Whether the decision before the step changed the replicas.</param>
    public static double Of(PredictivePolicy policy, int pods, int? ready, double? demand, double? capacity, bool isChanged) =>
        pods
        + (IsViolated(ready, demand, capacity) ? policy.ViolationCost * ReplicaPrices.Scale(demand!.Value / capacity!.Value) * ReplicaPrices.Severity(demand.Value, ready!.Value * capacity.Value) : 0)
        + (isChanged ? policy.ChangeCost : 0);
}
