namespace ControlPlane.Core.Scaling;

/// <summary>
/// Decides whether the forecast's answer may replace the HPA's. A forecast whose upper quantile has not been covering the demand is not trusted; while the
/// objective is missed, the reactive answer is a floor; and the ledger keeps both violations and pods at what the HPA by itself would have had.
/// </summary>
public static class Trust
{
    /// <summary>Least measured coverage of the highest quantile at which a forecast is trusted.</summary>
    public const double MinCoverage = 0.85;

    /// <summary>The proposal to go on with.</summary>
    /// <param name="ledger">The account; its floor is counted on.</param>
    /// <param name="input">What is decided.</param>
    /// <param name="predicted">The forecast's answer.</param>
    /// <param name="reactive">The reactive answer.</param>
    /// <param name="lead">Steps of a start-up.</param>
    /// <param name="stages">Gets the stage.</param>
    public static Proposal Judge(ref Ledger ledger, DecisionInput input, int predicted, Proposal reactive, int lead, StageList stages)
    {
        var coverage = input.Forecast!.Coverage;
        var isTrusted = coverage is not < MinCoverage;
        var isAtRisk = IsAtRisk(input) && reactive.Replicas > predicted;
        var verdict = Ledger.Judge(ledger.Books, ledger.FloorSteps, predicted, ledger.HpaReplicas, lead);
        ledger = ledger with { FloorSteps = verdict.FloorSteps };
        var result = !isTrusted || isAtRisk ? reactive : new Proposal(null, verdict.Replicas, null, IsPredicted: verdict.Rule is null);
        var books = ledger.Books;
        stages.Add("trust", !isTrusted ? "coverage" : isAtRisk ? "objective-at-risk" : verdict.Rule, result.Replicas,
            new("coverage", coverage), new("predicted", predicted), new("reactive", reactive.Replicas), new("hpa", ledger.HpaReplicas),
            new("violations", books.OwnViolations), new("hpa_violations", books.HpaViolations), new("pod_steps", books.OwnPods), new("hpa_pod_steps", books.HpaPods));
        return result;
    }

    private static bool IsAtRisk(DecisionInput input)
    {
        var (observation, objective) = (input.Observation, input.Policy.Objective);
        return observation.LatencyP95Seconds > objective.Latency.TotalSeconds || observation.ErrorRatio > 1 - objective.Percentile;
    }
}
