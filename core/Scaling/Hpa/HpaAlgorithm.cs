using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;

namespace ControlPlane.Core.Scaling.Hpa;

/// <summary>
/// The Kubernetes HorizontalPodAutoscaler as a pure function: state and observation in, state and replicas out
/// (facts from kubernetes/kubernetes, <c>pkg/controller/podautoscaler</c>).
/// </summary>
public static class HpaAlgorithm
{
    /// <summary>Evaluates one step. What it cannot know is null, and then the replicas stay.</summary>
    /// <param name="state">The state that the step before left, or <see cref="HpaState.Initial"/>.</param>
    /// <param name="observation">What was observed.</param>
    /// <param name="reactive">Metrics, targets and tolerance.</param>
    /// <param name="behavior">Limits of change; null: as an HPA without <c>spec.behavior</c>.</param>
    /// <param name="minReplicas">Fewest replicas; 0 allows scaling to zero.</param>
    /// <param name="maxReplicas">Most replicas, at least the minimum.</param>
    /// <param name="now">The moment, UTC.</param>
    public static HpaResult Evaluate(
        HpaState state, Observation observation, ReactivePolicy reactive, BehaviorPolicy? behavior,
        int minReplicas, int maxReplicas, DateTimeOffset now)
    {
        if (observation.CurrentReplicas is not { } current) return Without(state, HpaRules.ReplicasUnknown);
        if (current == 0 && minReplicas != 0) return Without(state, HpaRules.ScaledToZero);
        if (current > maxReplicas) return Without(state, HpaRules.AboveMaximum) with { Desired = maxReplicas };
        if (current < minReplicas) return Without(state, HpaRules.BelowMinimum) with { Desired = minReplicas };

        var proposals = Propose(observation, reactive, HpaTolerances.Of(reactive, behavior), current);
        if (Recommend(proposals, current, out var refusal) is not { } recommended)
            return Without(state, refusal) with { Proposals = proposals };

        var applied = HpaBehavior.Apply(state, behavior, current, recommended, minReplicas, maxReplicas, now);
        return new HpaResult
        {
            State = applied.State,
            Recommended = recommended,
            Stabilized = applied.Stabilized,
            Desired = applied.Desired,
            Rule = applied.Rule,
            Proposals = proposals,
        };
    }

    /// <summary>Remembers an actual change of the replicas; to be called whenever the replicas were changed.</summary>
    /// <param name="state">The state.</param>
    /// <param name="now">When it was changed, UTC.</param>
    /// <param name="from">Replicas before.</param>
    /// <param name="to">Replicas after.</param>
    /// <param name="behavior">Limits of change; null: nothing is remembered.</param>
    public static HpaState RecordScale(HpaState state, DateTimeOffset now, int from, int to, BehaviorPolicy? behavior) =>
        HpaBehavior.RecordScale(state, now, from, to, behavior);

    /// <summary>What one metric target asks for.</summary>
    /// <param name="observation">What was observed.</param>
    /// <param name="target">The metric and its target.</param>
    /// <param name="tolerances">Deviations that are ignored.</param>
    /// <param name="currentReplicas">The current replicas.</param>
    public static MetricProposal Propose(Observation observation, MetricTarget target, HpaTolerances tolerances, int currentReplicas)
    {
        if (target.Metric == SignalNames.Demand) return ProposeForDemand(observation, target, tolerances, currentReplicas);
        if (Find(observation.PodMetrics, target.Metric) is not { } pods) return MetricProposal.Fail(target.Metric, HpaRules.MetricMissing);
        return target.Type switch
        {
            MetricTargetType.Utilization => ReplicaCalculator.Utilization(pods, currentReplicas, ToPercent(target.Target), tolerances),
            MetricTargetType.AverageValue when MilliQuantity.TryFrom(target.Target, out var milli) =>
                ReplicaCalculator.AverageValue(pods, currentReplicas, milli, tolerances),
            _ => MetricProposal.Fail(target.Metric, HpaRules.TargetInvalid),
        };
    }

    private static MetricProposal ProposeForDemand(Observation observation, MetricTarget target, HpaTolerances tolerances, int currentReplicas)
    {
        if (observation.Demand is not { } demand || !MilliQuantity.TryFrom(demand, out var usage))
            return MetricProposal.Fail(target.Metric, HpaRules.MetricMissing);
        if (!MilliQuantity.TryFrom(target.Target, out var milli)) return MetricProposal.Fail(target.Metric, HpaRules.TargetInvalid);
        return target.Type switch
        {
            MetricTargetType.Value =>
                ReplicaCalculator.WorkloadValue(target.Metric, usage, currentReplicas, observation.ReadyReplicas, milli, tolerances),
            MetricTargetType.AverageValue => ReplicaCalculator.WorkloadAverageValue(target.Metric, usage, currentReplicas, milli, tolerances),
            _ => MetricProposal.Fail(target.Metric, HpaRules.TargetInvalid),
        };
    }

    private static ImmutableArray<MetricProposal> Propose(
        Observation observation, ReactivePolicy reactive, HpaTolerances tolerances, int currentReplicas)
    {
        if (reactive.Metrics.IsDefaultOrEmpty) return [];
        var proposals = new MetricProposal[reactive.Metrics.Length];
        for (var i = 0; i < proposals.Length; i++) proposals[i] = Propose(observation, reactive.Metrics[i], tolerances, currentReplicas);
        return ImmutableCollectionsMarshal.AsImmutableArray(proposals);
    }

    /// <summary>The greatest proposal; none when all failed, or when one failed and the others would scale down.</summary>
    private static int? Recommend(ImmutableArray<MetricProposal> proposals, int currentReplicas, out string refusal)
    {
        int? greatest = null;
        var anyFailed = false;
        foreach (ref readonly var proposal in proposals.AsSpan())
        {
            if (proposal.Replicas is not { } replicas) anyFailed = true;
            else if (greatest is not { } other || replicas > other) greatest = replicas;
        }
        refusal = greatest is null ? HpaRules.NoMetric : HpaRules.ScaleDownBlocked;
        return anyFailed && greatest < currentReplicas ? null : greatest;
    }

    private static PodMetricSummary? Find(ImmutableArray<PodMetricSummary> summaries, string metric)
    {
        if (summaries.IsDefaultOrEmpty) return null;
        foreach (var summary in summaries)
        {
            if (summary.Metric == metric) return summary;
        }
        return null;
    }

    private static int ToPercent(double fraction) => fraction is > 0 and < 1e6 ? Math.Max(1, (int)Math.Round(fraction * 100)) : 0;

    private static HpaResult Without(HpaState state, string rule) => new() { State = state, Rule = rule, Proposals = [] };
}
