using System.Globalization;

namespace ControlPlane.Core.Scaling;

/// <summary>Says in one sentence why a decision is what it is, from the decision's own stages.</summary>
public static class DecisionReason
{
    /// <summary>For example «scaled 4 → 7: p90 demand in 90 s is 1,240 req/s, 180 req/s per replica at the objective».</summary>
    public static string Sentence(ScalingDecision decision) => $"{What(decision)}: {Why(decision)}";

    private static string What(ScalingDecision d)
    {
        var verb = d.IsActionable ? "scaled" : "would scale";
        return d.Action == ScalingAction.Hold ? $"kept {Number(d.CurrentReplicas)}" : $"{verb} {Number(d.CurrentReplicas)} → {Number(d.DesiredReplicas)}";
    }

    private static string Why(ScalingDecision d) => d.Reason switch
    {
        ReasonCode.Steady when d.Model is not null => $"fits the {Forecast(d, "of")}",
        ReasonCode.Steady => $"usage is {Percent(Input(d, "reactive", "ratio"))} of its target",
        ReasonCode.Reactive => $"usage is {Percent(Input(d, "reactive", "ratio"))} of its target{TrustNote(d)}",
        ReasonCode.Predicted => Forecast(d, "is"),
        ReasonCode.SignalsMissing => "signals are missing, so nothing is taken away",
        ReasonCode.ReplicasUnknown => "the replicas that run now are unknown",
        ReasonCode.PolicyOff => "the policy's mode is Off",
        ReasonCode.NoPolicy => "there is no policy",
        ReasonCode.AtMinimum => $"{Number(d.RecommendedReplicas)} would do, the policy's minimum is {Number(Input(d, "guardrails", "min"))}",
        ReasonCode.AtMaximum => $"{Number(d.RecommendedReplicas)} are wanted, the policy's maximum is {Number(Input(d, "guardrails", "max"))}",
        ReasonCode.Stabilized => $"{Number(d.RecommendedReplicas)} would do now, the stabilization window still asks for {Number(d.DesiredReplicas)}",
        ReasonCode.RateLimited => $"{Number(d.RecommendedReplicas)} are wanted, the rate limit allows {Number(d.DesiredReplicas)}",
        ReasonCode.Paused => "the policy pauses this direction",
        ReasonCode.ScaledToZero => "the scale target is set to 0 by hand, which switches autoscaling off",
        ReasonCode.Healing => "a fault makes scale-in unsafe",
        ReasonCode.BudgetSpent => $"{Number(d.RecommendedReplicas)} are wanted, the budget of {Number(Input(d, "budget", "budget_hours"))} replica-hours allows {Number(Input(d, "budget", "allowed"))}",
        ReasonCode.TeamBudgetSpent when Stage(d, "team")?.Rule == "waiting" => $"{Number(d.RecommendedReplicas)} are wanted, the team has not said yet what its budget allows",
        ReasonCode.TeamBudgetSpent => $"{Number(d.RecommendedReplicas)} are wanted, what is granted of the team's budget of {Number(Input(d, "team", "team_budget"))} allows {Number(Input(d, "team", "allowed"))}",
        ReasonCode.AboveMaximum => $"{Number(d.RecommendedReplicas)} are wanted, more than the policy's maximum, which its breach limit of {Number(Input(d, "guardrails", "max"))} allows",
        ReasonCode.Idle when Input(d, "zero", "demand_rps") is null => "there are no replicas, and it is not known for a moment whether there is demand",
        ReasonCode.Idle => $"there has been no demand for {Number(Input(d, "zero", "idle_seconds") / 60)} min",
        ReasonCode.Activated => Input(d, "zero", "demand_rps") is { } demand ? $"there is demand again, {Number(demand)} req/s" : "it is not known any more whether there is demand",
        ReasonCode.OutOfBounds => $"the policy's bounds are {Number(Input(d, "guardrails", "min"))}..{Number(Input(d, "guardrails", "max"))}",
        _ => d.Reason.ToString(),
    };

    private static string Forecast(ScalingDecision d, string verb) =>
        $"p90 demand in {Number(Input(d, "predictive", "lead_seconds"))} s {verb} {Number(Input(d, "predictive", "p90_rps"))} req/s, "
        + $"{Number(Input(d, "predictive", "capacity_rps"))} req/s per replica at the objective";

    private static string TrustNote(ScalingDecision d) => Stage(d, "trust")?.Rule switch
    {
        "coverage" => "; the forecast is not trusted now",
        "violations" => "; the forecast has missed more demand than the HPA would have",
        "pods" => "; the forecast has taken more pods than the HPA would have",
        "objective-at-risk" => "; the objective is at risk now",
        _ => "",
    };

    private static double? Input(ScalingDecision d, string stage, string name)
    {
        foreach (var input in Stage(d, stage)?.Inputs ?? [])
            if (input.Name == name) return input.Value;
        return null;
    }

    private static DecisionStage? Stage(ScalingDecision d, string name)
    {
        foreach (var stage in d.Stages)
            if (stage.Name == name) return stage;
        return null;
    }

    private static string Number(double? value) => value switch
    {
        null => "?",
        < 10 => value.Value.ToString("0.##", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("#,0", CultureInfo.InvariantCulture),
    };

    private static string Percent(double? share) => share is { } s ? s.ToString("0%", CultureInfo.InvariantCulture) : "unknown";
}
