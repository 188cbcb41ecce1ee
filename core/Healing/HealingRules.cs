using ControlPlane.Core.Anomalies.Health;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;

namespace ControlPlane.Core.Healing;

/// <summary>
/// Decides what is done about faulty pods, the least that helps first: take no replicas away, let the pod go first, evict it, undo a
/// scale-in. One thing at a time, but for the pods of a node; never more pods at once than the budget, never twice for one cause, nothing to the pods while the
/// trouble is common to most of them. Pure: the same state and input give the same decision, bit for bit.
/// </summary>
public static class HealingRules
{
    /// <summary>How long a scale-in may be what hurts.</summary>
    public static readonly TimeSpan ScaleInBlame = TimeSpan.FromMinutes(10);

    /// <summary>How long an undone scale-in stays undone.</summary>
    public static readonly TimeSpan UndoLasts = TimeSpan.FromMinutes(15);

    /// <summary>How long replicas are held at most for one cause: what lasts longer is the new ordinary.</summary>
    public static readonly TimeSpan LongestHold = TimeSpan.FromHours(1);
    private const int BreachedStepsForUndo = 8;

    /// <summary>Growth of the demand past which a scale-in is not what hurts.</summary>
    private const double GrownDemand = 1.02;

    /// <summary>Growth of the demand in any step since a scale-in past which what follows is the demand's doing, also when it is over.</summary>
    private const double BurstDemand = 1.2;

    /// <summary>A decision and the state for the next step.</summary>
    /// <param name="State">The state after the decision, when it is carried out.</param>
    /// <param name="Decision">The decision.</param>
    public readonly record struct Result(HealingState State, HealingDecision Decision);

    /// <summary>Most decisions of one step: only a node's pods go more than one at a time.</summary>
    public const int MostAtOnce = 4;

    /// <summary>Whether the same step may have another decision: a node's pods go together.</summary>
    public static bool GoesOn(HealingDecision decision, int decided)
    {
        ArgumentNullException.ThrowIfNull(decision);
        return decision is { Action: HealingAction.EvictPod, Reason: HealingReason.NodeTrouble, IsActionable: true } && decided < MostAtOnce;
    }

    /// <summary>The wish to put to the cluster before a decision is made; null when it needs no permission.</summary>
    public static HealingWish? Wish(HealingState state, HealingInput input)
    {
        var decision = Decide(state, input with { Answer = new HealingAnswer(true, HealingReason.PodFault) }).Decision;
        return decision is { Action: HealingAction.EvictPod, IsActionable: true, Fault: { } fault } ? new HealingWish(decision.Time, decision.Workload, fault.Pod, fault.Node) : null;
    }

    /// <summary>Decides.</summary>
    public static Result Decide(HealingState state, HealingInput input)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(input);
        var (health, policy) = (input.Observation.Health ?? HealthReport.Healthy, input.Policy);
        if (policy.Mode == PolicyMode.Off || !policy.Healing.Enabled) return new(state with { HoldingSince = null }, Make(input, HealingAction.None, HealingReason.Disabled));
        if (state.ScaleIn is { UndoneAt: null } made && input.Observation.Demand > BurstDemand * made.Demand) state = state with { ScaleIn = null };
        var harmful = Harmful(health);
        var holds = harmful is not null || health.Cause is not (CommonCause.None or CommonCause.Overload);
        if (!holds) return Recovered(state, input, health);

        var since = state.HoldingSince ?? input.Observation.Time;
        var floor = Floor(state, input);
        state = state with { HoldingSince = since };
        var step = Step(state, input, health, harmful);
        var decision = Make(input, step.Action, step.Reason) with
        {
            Fault = step.Fault,
            Cause = health.Cause,
            Evidence = [.. Sentences(input, health, step.Fault)],
            HoldsScaleIn = input.Observation.Time - since < LongestHold,
            FloorReplicas = floor,
        };
        var after = state;
        if (step.Fault is { } fault && decision.IsActionable)
        {
            var deed = new HealingDeed(input.Observation.Time, fault.Pod, fault.CreatedAt, fault.Node, fault.Kind, fault.IsReady, step.Reason == HealingReason.NodeTrouble);
            if (step.Action == HealingAction.EvictPod) after = state.Evicted(deed);
            else if (step.Action == HealingAction.PreferForRemoval) after = state.Marked(deed);
        }

        return new(after, decision);
    }

    /// <summary>The state after a scaling decision was carried out.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="decision">The decision.</param>
    /// <param name="demand">The demand at that time, requests per second; null when unknown.</param>
    public static HealingState Confirm(HealingState state, ScalingDecision decision, double? demand)
    {
        ArgumentNullException.ThrowIfNull(state);
        return decision is { Action: ScalingAction.ScaleDown, CurrentReplicas: { } from, DesiredReplicas: { } to }
            ? state with { ScaleIn = new ScaleInMark(decision.Time, from, to, demand) }
            : state;
    }

    /// <summary>The state after an eviction was refused or failed: the deed was not done, the pause before the next try stays.</summary>
    public static HealingState Refused(HealingState state, HealingDecision decision)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(decision);
        return state with { Evictions = state.Evictions.RemoveAll(d => d.Pod == decision.Fault?.Pod && d.Time == decision.Time) };
    }

    private readonly record struct Choice(HealingAction Action, HealingReason Reason, PodFault? Fault = null);

    private static PodFault? Harmful(HealthReport health)
    {
        foreach (var fault in health.Faults)
            if (fault.Kind != PodFaultKind.Odd) return fault;
        return null;
    }

    /// <summary>Nothing is wrong with pods: at most the last scale-in was a mistake.</summary>
    private static Result Recovered(HealingState state, HealingInput input, HealthReport health)
    {
        var time = input.Observation.Time;
        state = state with { HoldingSince = null };
        if (Floor(state, input) is { } floor) return new(state, Make(input, HealingAction.None, HealingReason.ScaleInHurt) with { FloorReplicas = floor });
        if (state.ScaleIn is { } mark && IsHurtBy(mark, input.Observation, health))
        {
            var decision = Make(input, HealingAction.UndoScaleIn, HealingReason.ScaleInHurt) with
            {
                FloorReplicas = mark.From,
                HoldsScaleIn = true,
                Evidence = [$"{mark.From} → {mark.To} replicas at {mark.Time:HH:mm:ss} UTC, the objective is missed for {health.BreachedSteps} steps"],
            };
            return new(decision.IsActionable ? state with { ScaleIn = mark with { UndoneAt = time } } : state, decision);
        }

        var odd = health.Faults.IsEmpty ? null : health.Faults[0];
        return new(state, Make(input, HealingAction.None, odd is null ? HealingReason.Healthy : HealingReason.Harmless) with { Fault = odd, Evidence = odd is null ? [] : [odd.Evidence] });
    }

    /// <summary>Whether the objective is missed since a scale-in though users want no more than then and all pods are there.</summary>
    private static bool IsHurtBy(ScaleInMark mark, Observation observation, HealthReport health) =>
        health.BreachedSteps >= BreachedStepsForUndo
        && mark.UndoneAt is null
        && observation.Time - mark.Time <= ScaleInBlame
        && observation.CurrentReplicas < mark.From
        && observation.ReadyReplicas >= observation.CurrentReplicas
        && observation.Demand <= GrownDemand * mark.Demand;

    /// <summary>Replicas below which an undone scale-in does not let the workload fall; null when none is undone.</summary>
    private static int? Floor(HealingState state, HealingInput input) =>
        state.ScaleIn is { UndoneAt: { } undone } mark && input.Observation.Time - undone < UndoLasts ? mark.From : null;

    /// <summary>The next step against a fault.</summary>
    private static Choice Step(HealingState state, HealingInput input, HealthReport health, PodFault? worst)
    {
        // What is common is held and reported; only a node's pods are better off elsewhere.
        if (worst is null || health.Cause is not (CommonCause.None or CommonCause.Node or CommonCause.Overload)) return Hold(state, input, health);
        Choice? refused = null;
        foreach (var fault in health.Faults)
        {
            if (fault.Kind == PodFaultKind.Odd) continue;
            if (HealingLimits.Refuse(state, input, health, fault) is not { } refusal) return For(state, input, health, fault);
            if (refused is null or { Reason: HealingReason.AlreadyDone }) refused = new Choice(HealingAction.None, refusal, fault);
        }

        // What cannot go for a while goes first when replicas are taken away.
        var isShort = refused?.Reason is HealingReason.CoolingDown or HealingReason.WaitsForNode or HealingReason.AlreadyDone;
        if (!isShort && refused is { Fault: { } pod } && HealingLimits.MayMark(state, input, pod)) return new Choice(HealingAction.PreferForRemoval, refused.Value.Reason, pod);
        return refused!.Value;
    }

    /// <summary>
    /// Taking nothing away is an action when it begins; later it merely goes on. With signals that cannot be trusted it is none: scaling
    /// takes nothing away then by itself.
    /// </summary>
    private static Choice Hold(HealingState state, HealingInput input, HealthReport health) =>
        new(state.HoldingSince == input.Observation.Time && health.Cause != CommonCause.Input ? HealingAction.HoldScaleIn : HealingAction.None, HealingReason.CommonCause);

    private static Choice For(HealingState state, HealingInput input, HealthReport health, PodFault fault)
    {
        var isNode = health.Cause == CommonCause.Node || HealingLimits.IsOfBadNode(state, input.Observation.Time, fault);
        if (input.Answer is { IsGranted: true } granted) return new Choice(HealingAction.EvictPod, isNode ? HealingReason.NodeTrouble : granted.Reason, fault);
        var refusal = input.Answer?.Reason ?? HealingReason.NoPermission;
        return HealingLimits.MayMark(state, input, fault)
            ? new Choice(HealingAction.PreferForRemoval, refusal, fault)
            : new Choice(HealingAction.None, refusal, fault);
    }

    private static IEnumerable<string> Sentences(HealingInput input, HealthReport health, PodFault? fault)
    {
        if (health.Evidence.Length > 0) yield return health.Evidence;
        if (fault is not null) yield return fault.Evidence;
        if (input.Answer is { Evidence.Length: > 0 } answer) yield return answer.Evidence;
    }

    private static HealingDecision Make(HealingInput input, HealingAction action, HealingReason reason) => new()
    {
        Id = $"{input.Observation.Workload}@{input.Epoch}.{input.Sequence}+heal{(input.Number > 0 ? $".{input.Number}" : "")}",
        Workload = input.Observation.Workload,
        Epoch = input.Epoch,
        Sequence = input.Sequence,
        Time = input.Observation.Time,
        Action = action,
        Reason = reason,
        PolicyVersion = input.Policy.Version,
        IsActionable = input.Policy.Mode == PolicyMode.Auto,
    };
}
