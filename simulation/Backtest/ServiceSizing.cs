using ControlPlane.Core.Policies;
using ControlPlane.Simulation.Services;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Simulation.Backtest;

/// <summary>Chooses a simulated service for a trace of which nothing but the demand is known.</summary>
public static class ServiceSizing
{
    /// <summary>Pods that the median demand keeps busy.</summary>
    public const int MedianPods = 15;

    /// <summary>Pods that the 99.5th percentile of the demand keeps busy at most.</summary>
    public const int PeakPods = 120;

    /// <summary>Requests per second of one pod: the median needs at most 15 pods and the 99.5th percentile at most 120.</summary>
    public static double CapacityPerPod(LoadSeries load)
    {
        var sorted = new double[load.Length];
        for (var tick = 0; tick < sorted.Length; tick++) sorted[tick] = load.DemandAt(tick);
        Array.Sort(sorted);
        var capacity = Math.Max(At(sorted, 0.5) / MedianPods, At(sorted, 0.995) / PeakPods);
        return capacity > 0 ? capacity : 1;
    }

    /// <summary>The service: its capacity from the policy where that says one, else from the demand; its objective from the policy.</summary>
    public static ServiceProfile Profile(LoadSeries load, PolicyDocument policy, StartupTime startup, double? capacityPerPod = null) => new()
    {
        CapacityPerPod = capacityPerPod ?? CapacityAtFullCpu(policy) ?? CapacityPerPod(load),
        Startup = startup,
        ObjectiveLatency = policy.Objective.Latency,
        ObjectivePercentile = policy.Objective.Percentile,
    };

    /// <summary>The policy states what a pod serves within the objective; at full CPU it serves more.</summary>
    private static double? CapacityAtFullCpu(PolicyDocument policy)
    {
        var objective = new ServiceProfile { ObjectiveLatency = policy.Objective.Latency, ObjectivePercentile = policy.Objective.Percentile };
        return policy.Objective.RequestsPerSecondPerReplica / new LatencyModel(objective, 1, policy.Step).ObjectiveUtilization;
    }

    /// <summary>The policy of a backtest that was given none: the HPA's usual 70% of CPU, with room above the trace's peak.</summary>
    public static PolicyDocument DefaultPolicy(LoadSeries load, ServiceProfile profile)
    {
        var probe = new SimulatedService(profile, load, 0, DateTimeOffset.UnixEpoch, 1);
        var peak = Enumerable.Range(0, load.Length).Max(tick => probe.RequiredReplicas(load.DemandAt(tick)));
        return new PolicyDocument { Mode = PolicyMode.Auto, MaxReplicas = Math.Clamp(2 * peak, 10, PolicyValidator.ReplicaLimit) };
    }

    private static double At(double[] sorted, double quantile) => sorted[(int)(quantile * (sorted.Length - 1))];
}
