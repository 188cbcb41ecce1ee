using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;

namespace ControlPlane.Core.Anomalies.Health;

/// <summary>Whether users got what they are promised.</summary>
internal static class Objective
{
    /// <summary>Whether a step missed the objective; null when neither latency nor errors are known.</summary>
    public static bool? IsBreached(Observation observation, ObjectivePolicy objective)
    {
        var latency = objective.Percentile <= 0.5 ? observation.LatencyP50Seconds
            : objective.Percentile <= 0.95 ? observation.LatencyP95Seconds
            : observation.LatencyP99Seconds;
        if (latency is null && observation.ErrorRatio is null) return null;
        return latency > objective.Latency.TotalSeconds || observation.ErrorRatio > 1 - objective.Percentile;
    }
}
