using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;

namespace ControlPlane.Core.Scaling;

/// <summary>What is remembered of a workload that may be scaled to zero.</summary>
[GenerateSerializer, Immutable, Alias("cp.IdleState")]
public sealed record IdleState
{
    /// <summary>Since when there is no demand, UTC; null while there is some, or while it is unknown.</summary>
    [Id(0)] public DateTimeOffset? Since { get; init; }

    /// <summary>Whether the newest answer was zero, so that zero replicas are ours and not somebody's by hand.</summary>
    [Id(1)] public bool IsOurs { get; init; }
}

/// <summary>Scales to zero after a time without demand, and back at once when there is demand or nobody knows.</summary>
public static class ZeroScaling
{
    /// <summary>The state after a step, and the answer; without one the other stages decide.</summary>
    /// <param name="State">What is remembered; null where the policy does not scale to zero.</param>
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
        if (current == 0)
        {
            if (state is not { IsOurs: true }) return new(state, null, default);
            var isWanted = rules is null || !(observation.Demand <= rules.Activation);
            return Tell(state, isWanted ? Math.Max(bounds.Min, 1) : 0, isWanted ? ReasonCode.Activated : ReasonCode.Idle, observation, stages);
        }
        if (rules is null) return new(null, null, default);
        var since = observation.Demand <= rules.Activation ? state?.Since ?? observation.Time - observation.Step : (DateTimeOffset?)null;
        var next = new IdleState { Since = since, IsOurs = since is not null && observation.Time - since >= rules.After && MayGo(input) };
        return next.IsOurs ? Tell(next, 0, ReasonCode.Idle, observation, stages) : new(next, null, default);
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
