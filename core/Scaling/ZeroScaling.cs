using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;

namespace ControlPlane.Core.Scaling;

/// <summary>What is remembered of a workload that may be scaled to zero.</summary>
[GenerateSerializer, Immutable, Alias("cp.IdleState")]
public sealed record IdleState
{
    /// <summary>Since when there is no demand, UTC; null while there is some, or while it is unknown.</summary>
    [Id(0)] public DateTimeOffset? Since { get; init; }

    /// <summary>Whether the zero replicas that were seen last are ours and not somebody's by hand.</summary>
    [Id(1)] public bool IsOurs { get; init; }

    /// <summary>When zero replicas were asked for last, by a decision that may be carried out, UTC; null when they were not, or long before replicas were seen.</summary>
    [Id(2)] public DateTimeOffset? AskedAt { get; init; }

    /// <summary>Since when the demand is unknown while there are no replicas, UTC; null while it is known.</summary>
    [Id(3)] public DateTimeOffset? UnknownSince { get; init; }

    /// <summary>How often in a row the replicas came back only because the demand was unknown.</summary>
    [Id(4)] public int Blind { get; init; }
}

/// <summary>Scales to zero after a time without demand, and back at once when there is demand, or when nobody has known for a minute.</summary>
/// <remarks>
/// Zero replicas are ours when a decision asked for them that was allowed to act, whatever became of it: its write may land after a crash. So replicas that a person sets to
/// zero, while the policy only recommends for example, stay at zero when the policy acts later. A workload whose demand cannot be seen without pods comes back as unknown
/// and waits twice as long each time, so that it does not come and go for ever.
/// </remarks>
public static class ZeroScaling
{
    /// <summary>How long the demand may be unknown before the replicas come back: a lost scrape or a restart of the control plane wakes nobody.</summary>
    public static readonly TimeSpan UnknownPatience = TimeSpan.FromMinutes(1);

    /// <summary>How long after it was asked for a write to zero may still land while replicas are seen.</summary>
    public static readonly TimeSpan Reach = TimeSpan.FromMinutes(5);

    /// <summary>Most times that the wait for zero doubles.</summary>
    public const int MostDoublings = 6;

    /// <summary>The state after a step, and the answer; without one the other stages decide.</summary>
    /// <param name="State">What is remembered; null where there is nothing to remember.</param>
    /// <param name="Desired">The replicas; null when the other stages decide.</param>
    /// <param name="Reason">Why.</param>
    public readonly record struct Answer(IdleState? State, int? Desired, ReasonCode Reason);

    /// <summary>Judges a step. A schedule window with a minimum of its own keeps at least that.</summary>
    /// <param name="state">What was remembered.</param>
    /// <param name="input">The step.</param>
    /// <param name="bounds">The bounds that hold now.</param>
    /// <param name="current">The current replicas.</param>
    /// <param name="stages">Gets the stage, where there is an answer.</param>
    public static Answer Judge(IdleState? state, DecisionInput input, PolicyBounds bounds, int current, StageList stages)
    {
        var (observation, policy) = (input.Observation, input.Policy);
        var rules = policy.ScaleToZero is { Enabled: true } enabled && bounds.Min <= policy.MinReplicas ? enabled : null;
        if (current == 0) return AtZero(state, rules, bounds, observation, stages);
        var asked = observation.Time - state?.AskedAt <= Reach ? state!.AskedAt : null;
        if (rules is null) return new(asked is null ? null : new IdleState { AskedAt = asked }, null, default);

        var since = observation.Demand <= rules.Activation ? state?.Since ?? observation.Time - observation.Step : (DateTimeOffset?)null;
        var next = new IdleState { Since = since, AskedAt = asked, Blind = state?.Blind ?? 0 };
        var wait = rules.After * (1 << Math.Min(next.Blind, MostDoublings));
        if (since is null || observation.Time - since < wait || !MayGo(input)) return new(next, null, default);
        return Tell(policy.Mode == PolicyMode.Auto ? next with { AskedAt = observation.Time } : next, 0, ReasonCode.Idle, observation, stages);
    }

    /// <summary>What is remembered after the decision to go to zero was refused, so that nobody's zero is taken for ours.</summary>
    public static IdleState? Refused(IdleState? state, ScalingDecision decision) => state is not null && decision.DesiredReplicas == 0 ? state with { AskedAt = null } : state;

    private static Answer AtZero(IdleState? state, ScaleToZeroPolicy? rules, PolicyBounds bounds, Observation observation, StageList stages)
    {
        if (state is not ({ IsOurs: true } or { AskedAt: not null })) return new(state, null, default);
        var unknown = observation.Demand is null ? state.UnknownSince ?? observation.Time - observation.Step : (DateTimeOffset?)null;
        var isBlind = observation.Time - unknown >= UnknownPatience;
        var isWanted = rules is null || isBlind || observation.Demand > rules.Activation;
        var next = state with
        {
            Since = isWanted ? null : state.Since,
            IsOurs = true,
            UnknownSince = unknown,
            Blind = !isWanted ? state.Blind : isBlind ? state.Blind + 1 : 0,
        };
        return Tell(next, isWanted ? Math.Max(bounds.Min, 1) : 0, isWanted ? ReasonCode.Activated : ReasonCode.Idle, observation, stages);
    }

    /// <summary>What keeps replicas elsewhere keeps them here: missing signals, a pause, healing.</summary>
    private static bool MayGo(DecisionInput input) =>
        input.Observation is { ReadyReplicas: not null, MissingSignals.IsEmpty: true } && !input.Policy.PauseScaleDown && input.Guard is not ({ Holds: true } or { Floor: > 0 });

    private static Answer Tell(IdleState state, int desired, ReasonCode reason, Observation observation, StageList stages)
    {
        var idle = state.Since is { } since ? (observation.Time - since).TotalSeconds : (double?)null;
        stages.Add("zero", reason == ReasonCode.Idle ? "idle" : "activated", desired, new("demand_rps", observation.Demand), new("idle_seconds", idle));
        return new(state, desired, reason);
    }
}
