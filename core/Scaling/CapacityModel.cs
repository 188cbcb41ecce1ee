using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;

namespace ControlPlane.Core.Scaling;

/// <summary>
/// Demand that one replica serves within the objective. The policy may state it; otherwise demand ÷ (ready replicas × utilization) is
/// averaged into the saturation capacity, of which the share halfway between the target utilization and 1 is used: the reactive target's
/// reserve is there because it reacts late, and a forecast brings its own.
/// </summary>
public static class CapacityModel
{
    /// <summary>Weight of a new measurement in the running mean (half-life about 17 steps).</summary>
    public const double Gain = 0.04;

    /// <summary>Below this utilization a measurement is mostly idle load and is not learnt from.</summary>
    public const double MinUtilization = 0.15;

    /// <summary>Above this utilization pods are saturated and shed load, so that demand no longer tells what they serve.</summary>
    public const double MaxUtilization = 0.95;

    /// <summary>The running mean of the saturation capacity after one more step, requests per second; null without evidence.</summary>
    public static double? Learn(double? saturation, Observation observation)
    {
        if (observation is not { Demand: > 0 and var demand, ReadyReplicas: > 0 and var ready, Utilization: >= MinUtilization and <= MaxUtilization and var utilization })
            return saturation;
        var measured = demand / (ready * utilization);
        return saturation is { } known ? known + Gain * (measured - known) : measured;
    }

    /// <summary>Requests per second of one replica at the objective; null when nothing tells.</summary>
    public static double? PerReplica(double? saturation, PolicyDocument policy)
    {
        if (policy.Objective.RequestsPerSecondPerReplica is { } stated) return stated;
        if (PerReplicaTarget(policy.Reactive, SignalNames.Demand, MetricTargetType.AverageValue) is { } rate) return rate;
        return saturation * (1 + PerReplicaTarget(policy.Reactive, SignalNames.Cpu, MetricTargetType.Utilization)) / 2;
    }

    private static double? PerReplicaTarget(ReactivePolicy reactive, string metric, MetricTargetType type)
    {
        foreach (var target in reactive.Metrics)
            if (target.Metric == metric && target.Type == type) return target.Target;
        return null;
    }
}
