using ControlPlane.Core.Healing;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling.Hpa;

namespace ControlPlane.Core.Scaling;

/// <summary>Last stage: whatever was proposed, the answer keeps the bounds, the budget, the pauses and the rule that missing signals never scale down.</summary>
public static class Guardrails
{
    /// <summary>The desired replicas and the reason.</summary>
    /// <remarks>A spent budget takes away, but not against missing signals, a pause or healing, which all keep what is there. It pays for nothing more, not even for an undone scale-in.</remarks>
    public static (int Desired, ReasonCode Reason) Apply(
        PolicyDocument policy, PolicyBounds bounds, SignalGate.Verdict signals, int current, Proposal proposal, StageList stages, ScaleInGuard? guard = null, int? budgeted = null, int? ofTeam = null)
    {
        var (own, team) = (budgeted ?? int.MaxValue, ofTeam ?? int.MaxValue);
        var desired = Math.Min(proposal.Replicas, Math.Min(own, team));
        ReasonCode? held = desired == proposal.Replicas ? null : own <= team ? ReasonCode.BudgetSpent : ReasonCode.TeamBudgetSpent;
        if (desired < current && !signals.MayScaleDown) (desired, held) = (current, ReasonCode.SignalsMissing);
        if (desired > current && policy.PauseScaleUp) (desired, held) = (current, ReasonCode.Paused);
        if (desired < current && policy.PauseScaleDown) (desired, held) = (current, ReasonCode.Paused);

        if (desired < current && guard is { Holds: true }) (desired, held) = (current, ReasonCode.Healing);
        var floor = Math.Min(guard?.Floor ?? 0, Math.Max(current, Math.Min(own, team)));
        if (desired < floor) (desired, held) = (floor, ReasonCode.Healing);

        var bounded = bounds.Clamp(desired);
        if (bounded < desired && proposal.Replicas > bounds.Max) held = ReasonCode.AtMaximum;
        if (bounded > bounds.UsualMax && bounded > current) held = ReasonCode.AboveMaximum;
        if (current != bounds.Clamp(current)) held = ReasonCode.OutOfBounds;
        var reason = held ?? ReasonOf(proposal, bounds, current, bounded, signals);
        stages.Add("guardrails", held?.ToString(), bounded, new("min", bounds.Min), new("max", bounds.Max), new("proposed", proposal.Replicas));
        return (bounded, reason);
    }

    /// <summary>What the budget allows for the step that begins; null when it allows anything.</summary>
    public static int? Budgeted(BudgetAccount? account, PolicyDocument policy, TimeSpan step, Proposal proposal, StageList stages)
    {
        if (account is null) return null;
        var budget = policy.Budget!;
        var allowed = account.Allowed(budget.AllowedHours()!.Value, budget.Period, policy, step);
        var isHard = budget.Enforcement == BudgetEnforcement.Hard;
        var rule = proposal.Replicas <= allowed ? null : isHard ? "spent" : "over";
        stages.Add("budget", rule, isHard ? Math.Min(proposal.Replicas, allowed) : proposal.Replicas,
            new("spent_hours", account.SpentHours), new("budget_hours", budget.AllowedHours()), new("allowed", allowed));
        return isHard ? allowed : null;
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
