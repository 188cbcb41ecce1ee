using ControlPlane.Core.Healing;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling.Hpa;

namespace ControlPlane.Core.Scaling;

/// <summary>Last stage: whatever was proposed, the answer keeps the bounds, the pauses and the rule that missing signals never scale down.</summary>
public static class Guardrails
{
    /// <summary>The desired replicas and the reason.</summary>
    public static (int Desired, ReasonCode Reason) Apply(
        PolicyDocument policy, PolicyBounds bounds, SignalGate.Verdict signals, int current, Proposal proposal, StageList stages, ScaleInGuard? guard = null)
    {
        var desired = proposal.Replicas;
        ReasonCode? held = null;
        if (desired < current && !signals.MayScaleDown) (desired, held) = (current, ReasonCode.SignalsMissing);
        if (desired > current && policy.PauseScaleUp) (desired, held) = (current, ReasonCode.Paused);
        if (desired < current && policy.PauseScaleDown) (desired, held) = (current, ReasonCode.Paused);

        if (desired < current && guard is { Holds: true }) (desired, held) = (current, ReasonCode.Healing);
        if (desired < guard?.Floor) (desired, held) = (guard.Floor.Value, ReasonCode.Healing);

        var bounded = bounds.Clamp(desired);
        if (bounded < desired && proposal.Replicas > bounds.Max) held = ReasonCode.AtMaximum;
        if (current != bounds.Clamp(current)) held = ReasonCode.OutOfBounds;
        var reason = held ?? ReasonOf(proposal, bounds, current, bounded, signals);
        stages.Add("guardrails", held?.ToString(), bounded, new("min", bounds.Min), new("max", bounds.Max), new("proposed", proposal.Replicas));
        return (bounded, reason);
    }

    private static ReasonCode ReasonOf(Proposal proposal, PolicyBounds bounds, int current, int desired, SignalGate.Verdict signals)
    {
        if (proposal.Recommended > bounds.Max && desired == bounds.Max) return ReasonCode.AtMaximum;
        if (proposal.Recommended < bounds.Min && desired == bounds.Min && desired == current) return ReasonCode.AtMinimum;
        if (desired != current) return proposal.IsPredicted ? ReasonCode.Predicted : ReasonCode.Reactive;
        return proposal.Rule switch
        {
            HpaRules.StabilizedUp or HpaRules.StabilizedDown => ReasonCode.Stabilized,
            HpaRules.ScaleUpLimit or HpaRules.ScaleDownLimit => ReasonCode.RateLimited,
            HpaRules.ScaleUpDisabled or HpaRules.ScaleDownDisabled => ReasonCode.Paused,
            HpaRules.NoMetric or HpaRules.ScaleDownBlocked => ReasonCode.SignalsMissing,
            _ => signals.MayScaleDown ? ReasonCode.Steady : ReasonCode.SignalsMissing,
        };
    }
}
