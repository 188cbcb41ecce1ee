using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling.Hpa;

namespace ControlPlane.Core.Scaling;

/// <summary>Runs the HPA of a <see cref="Ledger"/> on pods of its own, of the same size and start-up as the real ones.</summary>
internal static class VirtualHpa
{
    /// <summary>Closes the step in the accounts and lets the HPA decide.</summary>
    /// <param name="ledger">The account; null before the first step.</param>
    /// <param name="observation">The step.</param>
    /// <param name="current">Real replicas, with which a new account begins.</param>
    /// <param name="capacity">Requests per second of one replica; null when unknown: then nobody is in violation.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="bounds">Bounds of the replicas.</param>
    /// <param name="lead">Steps of a start-up.</param>
    public static Ledger Step(Ledger? ledger, Observation observation, int current, double? capacity, PolicyDocument policy, PolicyBounds bounds, int lead)
    {
        var now = observation.Time;
        ledger ??= new Ledger { Hpa = HpaState.Initial(now, current), HpaReplicas = current };
        var replicas = bounds.Clamp(ledger.HpaReplicas);
        // The replicas of the step that ended, and those of a start-up before it, served it.
        var ready = RecommendationWindow.PushLow(ledger.HpaReady, replicas, now, (lead + 1) * observation.Step, out var serving);
        var books = Count(ledger.Books, observation, current, replicas, serving, capacity);
        var seen = Seen(observation, replicas, serving);
        var result = HpaAlgorithm.Evaluate(ledger.Hpa ?? HpaState.Initial(now, replicas), seen, policy.Reactive, policy.Behavior, bounds.Min, bounds.Max, now);
        var desired = result.Desired ?? replicas;
        return ledger with
        {
            Hpa = HpaAlgorithm.RecordScale(result.State, now, replicas, desired, policy.Behavior),
            HpaReplicas = desired,
            HpaReady = ready,
            HpaServing = serving,
            Books = books,
        };
    }

    private static LedgerBooks Count(LedgerBooks books, Observation observation, int current, int replicas, int serving, double? capacity)
    {
        if (observation.Demand is not { } demand || capacity is not { } each || observation.ReadyReplicas is not { } ready)
            return books.With(false, false, current, replicas);
        return books.With(demand > ready * each, demand > serving * each, current, replicas);
    }

    /// <summary>The step as the HPA's own pods would have shown it: the same usage on its ready pods.</summary>
    private static Observation Seen(Observation observation, int replicas, int serving)
    {
        if (observation.PodMetrics.IsDefaultOrEmpty) return observation with { CurrentReplicas = replicas, ReadyReplicas = serving };
        var metrics = new PodMetricSummary[observation.PodMetrics.Length];
        for (var i = 0; i < metrics.Length; i++) metrics[i] = Seen(observation.PodMetrics[i], replicas, serving);
        return observation with { CurrentReplicas = replicas, ReadyReplicas = serving, PodMetrics = [.. metrics] };
    }

    private static PodMetricSummary Seen(PodMetricSummary pods, int replicas, int serving)
    {
        if (pods.ReadyPods <= 0) return pods;
        var (each, left) = Math.DivRem(pods.UsageMilli, pods.ReadyPods);
        // Pods without a value use what the others do.
        var usage = pods.UsageMilli + pods.MissingPods * each + pods.MissingPods * left / pods.ReadyPods;
        var request = pods.RequestMilli / pods.ReadyPods;
        return new PodMetricSummary
        {
            Metric = pods.Metric,
            ReadyPods = serving,
            UsageMilli = usage,
            RequestMilli = request * serving,
            UnreadyPods = replicas - serving,
            UnreadyRequestMilli = (request ?? 0) * (replicas - serving),
        };
    }
}
