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

    /// <summary>Requests per second of one pod when nothing tells; the demand is scaled to fit.</summary>
    public const double ReferenceCapacity = 50;

    /// <summary>
    /// Factor on the demand of a trace that turns it into a service of pods with the reference capacity: the median keeps at most 15 pods
    /// busy and the 99.5th percentile at most 120. Shares and pod-hours do not depend on the choice of the reference.
    /// </summary>
    public static double Scale(LoadSeries load) => ReferenceCapacity / PodOf(load);

    private static double PodOf(LoadSeries load)
    {
        var sorted = new double[load.Length];
        for (var tick = 0; tick < sorted.Length; tick++) sorted[tick] = load.DemandAt(tick);
        Array.Sort(sorted);
        var capacity = Math.Max(At(sorted, 0.5) / MedianPods, At(sorted, 0.995) / PeakPods);
        return capacity > 0 ? capacity : 1;
    }

    /// <summary>The service: its capacity as given, else from the policy where that says one, else the reference; its objective from the policy.</summary>
    public static ServiceProfile Profile(PolicyDocument policy, StartupTime startup, double? capacityPerPod = null) => new()
    {
        CapacityPerPod = capacityPerPod ?? CapacityAtFullCpu(policy) ?? ReferenceCapacity,
        Startup = startup,
        ObjectiveLatency = policy.Objective.Latency,
        ObjectivePercentile = policy.Objective.Percentile,
    };

    /// <summary>Requests per second that one pod serves within the profile's objective.</summary>
    public static double CapacityAtObjective(ServiceProfile profile, TimeSpan step) =>
        profile.CapacityPerPod * new LatencyModel(profile, 1, step).ObjectiveUtilization;

    /// <summary>The policy states what a pod serves within the objective; at full CPU it serves more.</summary>
    private static double? CapacityAtFullCpu(PolicyDocument policy)
    {
        if (policy.Objective.RequestsPerSecondPerReplica is not { } stated) return null;
        var profile = new ServiceProfile { CapacityPerPod = stated, ObjectiveLatency = policy.Objective.Latency, ObjectivePercentile = policy.Objective.Percentile };
        return stated * stated / CapacityAtObjective(profile, policy.Step);
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
