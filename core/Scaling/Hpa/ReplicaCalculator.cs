using ControlPlane.Core.Metrics;

namespace ControlPlane.Core.Scaling.Hpa;

/// <summary>
/// What a metric asks for, in the integer arithmetic of Kubernetes' HPA (<c>replica_calculator.go</c>): pods without a value count as
/// fully used when fewer replicas would do and as idle when more are needed; pods that are not ready count as idle when more are needed;
/// if that turns the direction round or falls within the tolerance, the current replicas stay.
/// </summary>
public static class ReplicaCalculator
{
    /// <summary>A pod resource against a target utilization.</summary>
    /// <param name="pods">The resource over the pods.</param>
    /// <param name="currentReplicas">The current replicas.</param>
    /// <param name="targetPercent">Target of usage ÷ request, percent, greater than 0.</param>
    /// <param name="tolerances">Deviations that are ignored.</param>
    public static MetricProposal Utilization(PodMetricSummary pods, int currentReplicas, int targetPercent, HpaTolerances tolerances)
    {
        if (targetPercent <= 0) return MetricProposal.Fail(pods.Metric, HpaRules.TargetInvalid);
        if (pods.ReadyPods <= 0) return MetricProposal.Fail(pods.Metric, HpaRules.NoReadyPod);
        if (pods.RequestMilli is not > 0) return MetricProposal.Fail(pods.Metric, HpaRules.RequestMissing);

        var usage = pods.UsageMilli;
        var request = pods.RequestMilli.Value;
        var ratio = Percent(usage, request) / (double)targetPercent;
        var countsUnready = pods.UnreadyPods > 0 && ratio > 1.0;
        if (!countsUnready && pods.MissingPods == 0) return Direct(pods, currentReplicas, ratio, tolerances);

        var count = pods.ReadyPods;
        if (pods.MissingPods > 0 && ratio != 1.0)
        {
            count += pods.MissingPods;
            request += pods.MissingRequestMilli;
            if (ratio < 1.0) usage += MissingUsage(pods, Math.Max(100, targetPercent));
        }
        if (countsUnready)
        {
            count += pods.UnreadyPods;
            request += pods.UnreadyRequestMilli;
        }
        return Filled(pods.Metric, currentReplicas, ratio, Percent(usage, request) / (double)targetPercent, count, tolerances);
    }

    /// <summary>A pod metric or resource against a target mean over the pods.</summary>
    /// <param name="pods">The metric over the pods.</param>
    /// <param name="currentReplicas">The current replicas.</param>
    /// <param name="targetMilli">Target per pod, thousandths of the metric's unit, greater than 0.</param>
    /// <param name="tolerances">Deviations that are ignored.</param>
    public static MetricProposal AverageValue(PodMetricSummary pods, int currentReplicas, long targetMilli, HpaTolerances tolerances)
    {
        if (targetMilli <= 0) return MetricProposal.Fail(pods.Metric, HpaRules.TargetInvalid);
        if (pods.ReadyPods <= 0) return MetricProposal.Fail(pods.Metric, HpaRules.NoReadyPod);

        var usage = pods.UsageMilli;
        var ratio = usage / pods.ReadyPods / (double)targetMilli;
        var countsUnready = pods.UnreadyPods > 0 && ratio > 1.0;
        if (!countsUnready && pods.MissingPods == 0) return Direct(pods, currentReplicas, ratio, tolerances);

        var count = pods.ReadyPods;
        if (pods.MissingPods > 0 && ratio != 1.0)
        {
            count += pods.MissingPods;
            if (ratio < 1.0) usage += pods.MissingPods * targetMilli;
        }
        if (countsUnready) count += pods.UnreadyPods;
        return Filled(pods.Metric, currentReplicas, ratio, usage / count / (double)targetMilli, count, tolerances);
    }

    /// <summary>A metric of the whole workload against a target value: the ready pods are scaled by usage ÷ target.</summary>
    /// <param name="metric">The metric's name.</param>
    /// <param name="usageMilli">The value, thousandths of the metric's unit.</param>
    /// <param name="currentReplicas">The current replicas; at 0 neither the tolerance nor the ready pods matter.</param>
    /// <param name="readyPods">Pods that run and are ready; null when unknown.</param>
    /// <param name="targetMilli">The target, thousandths of the metric's unit, greater than 0.</param>
    /// <param name="tolerances">Deviations that are ignored.</param>
    public static MetricProposal WorkloadValue(
        string metric, long usageMilli, int currentReplicas, int? readyPods, long targetMilli, HpaTolerances tolerances)
    {
        if (targetMilli <= 0) return MetricProposal.Fail(metric, HpaRules.TargetInvalid);
        var ratio = usageMilli / (double)targetMilli;
        if (currentReplicas == 0) return MetricProposal.Ask(metric, RoundUp(ratio), ratio);
        if (tolerances.Allow(ratio)) return MetricProposal.Hold(metric, currentReplicas, ratio, HpaRules.WithinTolerance);
        return readyPods is { } ready
            ? MetricProposal.Ask(metric, RoundUp(ratio * ready), ratio)
            : MetricProposal.Fail(metric, HpaRules.PodsUnknown);
    }

    /// <summary>A metric of the whole workload against a target per replica.</summary>
    /// <param name="metric">The metric's name.</param>
    /// <param name="usageMilli">The value, thousandths of the metric's unit.</param>
    /// <param name="observedReplicas">Replicas that exist (<c>scale.status.replicas</c>); 0 is allowed.</param>
    /// <param name="targetMilli">The target per replica, thousandths of the metric's unit, greater than 0.</param>
    /// <param name="tolerances">Deviations that are ignored.</param>
    public static MetricProposal WorkloadAverageValue(
        string metric, long usageMilli, int observedReplicas, long targetMilli, HpaTolerances tolerances)
    {
        if (targetMilli <= 0) return MetricProposal.Fail(metric, HpaRules.TargetInvalid);
        var ratio = usageMilli / ((double)targetMilli * observedReplicas);
        return tolerances.Allow(ratio)
            ? MetricProposal.Hold(metric, observedReplicas, ratio, HpaRules.WithinTolerance)
            : MetricProposal.Ask(metric, RoundUp(usageMilli / (double)targetMilli), ratio);
    }

    /// <summary>All pods that count have a value.</summary>
    private static MetricProposal Direct(PodMetricSummary pods, int currentReplicas, double ratio, HpaTolerances tolerances) =>
        tolerances.Allow(ratio)
            ? MetricProposal.Hold(pods.Metric, currentReplicas, ratio, HpaRules.WithinTolerance)
            : MetricProposal.Ask(pods.Metric, RoundUp(ratio * pods.ReadyPods), ratio);

    /// <summary>Some pods got an assumed value, which must neither turn the direction round nor count as a reason by itself.</summary>
    private static MetricProposal Filled(
        string metric, int currentReplicas, double measured, double filled, int count, HpaTolerances tolerances)
    {
        if (tolerances.Allow(filled)) return MetricProposal.Hold(metric, currentReplicas, measured, HpaRules.WithinTolerance);
        var replicas = RoundUp(filled * count);
        var turns = (measured < 1.0 && filled > 1.0) || (measured > 1.0 && filled < 1.0)
            || (filled < 1.0 && replicas > currentReplicas) || (filled > 1.0 && replicas < currentReplicas);
        return turns
            ? MetricProposal.Hold(metric, currentReplicas, measured, HpaRules.Reversal)
            : MetricProposal.Ask(metric, replicas, measured);
    }

    /// <summary>What the missing pods are taken to use: their request times a percentage, rounded down pod by pod.</summary>
    private static long MissingUsage(PodMetricSummary pods, int percent)
    {
        if (percent == 100) return pods.MissingRequestMilli;
        if (pods.MissingPodRequestsMilli.IsDefaultOrEmpty) return pods.MissingRequestMilli / pods.MissingPods * percent / 100 * pods.MissingPods;
        long sum = 0;
        foreach (var request in pods.MissingPodRequestsMilli.AsSpan()) sum += request * percent / 100;
        return sum;
    }

    private static long Percent(long usage, long request) =>
        usage <= long.MaxValue / 100 ? usage * 100 / request : (long)((Int128)usage * 100 / request);

    private static int RoundUp(double replicas) => replicas >= int.MaxValue ? int.MaxValue : (int)Math.Ceiling(replicas);
}
