using ControlPlane.Core.Policies;

namespace ControlPlane.Core.Scaling.Hpa;

/// <summary>Stabilization, rate limits and bounds of the HPA algorithm, for a recommendation from any source.</summary>
public static class HpaBehavior
{
    /// <summary>Stabilization of an HPA without <c>spec.behavior</c>: Kubernetes' default of the controller's flag, 5 min.</summary>
    public static readonly TimeSpan PlainDownscaleWindow = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Brings a recommendation within the stabilization windows, the rate limits and the bounds, and remembers it.
    /// </summary>
    /// <param name="state">What was remembered.</param>
    /// <param name="behavior">
    /// The limits of change; null for what Kubernetes does with an HPA without <c>spec.behavior</c>: a scale-down window of 5 min and
    /// at most max(2 × current, 4) replicas, without memory of earlier changes.
    /// </param>
    /// <param name="current">The current replicas.</param>
    /// <param name="recommendation">The raw recommendation.</param>
    /// <param name="minReplicas">Fewest replicas.</param>
    /// <param name="maxReplicas">Most replicas.</param>
    /// <param name="now">The moment, UTC; not before that of an earlier call.</param>
    public static HpaBehaviorResult Apply(
        HpaState state, BehaviorPolicy? behavior, int current, int recommendation, int minReplicas, int maxReplicas, DateTimeOffset now)
    {
        if (behavior is null) return ApplyPlain(state, current, recommendation, minReplicas, maxReplicas, now);

        var highs = RecommendationWindow.PushHigh(state.Highs, recommendation, now, behavior.ScaleDown.StabilizationWindow, out var ceiling);
        var lows = RecommendationWindow.PushLow(state.Lows, recommendation, now, behavior.ScaleUp.StabilizationWindow, out var floor);
        // The current replicas may stay anywhere between the least and the greatest recommendation of the windows.
        var stabilized = Math.Min(Math.Max(current, floor), ceiling);
        var desired = Limit(state, behavior, current, stabilized, minReplicas, maxReplicas, now, out var limit);
        return new HpaBehaviorResult
        {
            State = state with { Highs = highs, Lows = lows },
            Stabilized = stabilized,
            Desired = desired,
            Rule = limit ?? StabilizationRule(current, recommendation, stabilized),
        };
    }

    /// <summary>Remembers a change of the replicas, so that the rate limits count it. Without behaviour nothing is remembered.</summary>
    /// <param name="state">What was remembered.</param>
    /// <param name="now">When it was changed, UTC.</param>
    /// <param name="from">Replicas before.</param>
    /// <param name="to">Replicas after.</param>
    /// <param name="behavior">The limits of change.</param>
    public static HpaState RecordScale(HpaState state, DateTimeOffset now, int from, int to, BehaviorPolicy? behavior)
    {
        if (behavior is null || from == to) return state;
        return to > from
            ? state with { ScaleUps = ScaleLimits.Record(state.ScaleUps, behavior.ScaleUp, to - from, now) }
            : state with { ScaleDowns = ScaleLimits.Record(state.ScaleDowns, behavior.ScaleDown, from - to, now) };
    }

    /// <summary>Brings replicas within the rate limits and the bounds.</summary>
    internal static int Limit(
        HpaState state, BehaviorPolicy behavior, int current, int stabilized, int min, int max, DateTimeOffset now, out string? rule)
    {
        rule = null;
        if (stabilized > current)
        {
            var limit = ScaleLimits.Up(state, behavior.ScaleUp, current, now);
            var allowed = Math.Min(limit, max);
            if (stabilized <= allowed) return stabilized;
            rule = limit >= max ? HpaRules.Maximum : IsDisabled(behavior.ScaleUp) ? HpaRules.ScaleUpDisabled : HpaRules.ScaleUpLimit;
            return allowed;
        }
        if (stabilized < current)
        {
            var limit = ScaleLimits.Down(state, behavior.ScaleDown, current, now);
            var allowed = Math.Max(limit, min);
            if (stabilized >= allowed) return stabilized;
            rule = limit <= min ? HpaRules.Minimum : IsDisabled(behavior.ScaleDown) ? HpaRules.ScaleDownDisabled : HpaRules.ScaleDownLimit;
            return allowed;
        }
        return stabilized;
    }

    private static HpaBehaviorResult ApplyPlain(
        HpaState state, int current, int recommendation, int minReplicas, int maxReplicas, DateTimeOffset now)
    {
        var highs = RecommendationWindow.PushHigh(state.Highs, recommendation, now, PlainDownscaleWindow, out var stabilized);
        var limit = Math.Max(2L * current, 4);
        var allowed = (int)Math.Min(limit, maxReplicas);
        var desired = Math.Max(Math.Min(stabilized, allowed), minReplicas);
        var rule = stabilized < minReplicas ? HpaRules.Minimum
            : stabilized <= allowed ? StabilizationRule(current, recommendation, stabilized)
            : maxReplicas > limit ? HpaRules.ScaleUpLimit
            : HpaRules.Maximum;
        return new HpaBehaviorResult { State = state with { Highs = highs, Lows = [] }, Stabilized = stabilized, Desired = desired, Rule = rule };
    }

    private static string? StabilizationRule(int current, int recommendation, int stabilized) =>
        stabilized == recommendation ? null
        : stabilized < recommendation ? HpaRules.StabilizedUp
        : HpaRules.StabilizedDown;

    private static bool IsDisabled(ScalingRules rules) => rules.Select == LimitSelection.Disabled;
}
