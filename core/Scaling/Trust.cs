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
    /// <param name="ledger">The account, for the record.</param>
    /// <param name="terms">What it allows.</param>
    /// <param name="input">What is decided.</param>
    /// <param name="wish">Replicas that the forecast asks for.</param>
    /// <param name="predicted">Those within the terms, after the trend gate.</param>
    /// <param name="reactive">The reactive answer.</param>
    /// <param name="stages">Gets the stage.</param>
    public static Proposal Judge(Ledger ledger, LedgerTerms terms, DecisionInput input, int wish, int predicted, Proposal reactive, StageList stages)
    {
        var coverage = input.Forecast!.Coverage;
        var isTrusted = coverage is not < MinCoverage;
        var isAtRisk = IsAtRisk(input) && reactive.Replicas > predicted;
        var rule = terms.Rule(wish);
        var result = !isTrusted || isAtRisk ? reactive : new Proposal(null, predicted, null, IsPredicted: rule is null);
        var books = ledger.Books;
        stages.Add("trust", !isTrusted ? "coverage" : isAtRisk ? "objective-at-risk" : rule, result.Replicas,
            new("coverage", coverage), new("predicted", wish), new("reactive", reactive.Replicas), new("hpa", ledger.HpaReplicas),
            new("violations", books.OwnViolations), new("hpa_violations", books.HpaViolations), new("pod_steps", books.OwnPods), new("hpa_pod_steps", books.HpaPods));
        return result;
    }

    private static bool IsAtRisk(DecisionInput input)
    {
        var (observation, objective) = (input.Observation, input.Policy.Objective);
        return observation.LatencyP95Seconds > objective.Latency.TotalSeconds || observation.ErrorRatio > 1 - objective.Percentile;
    }
}
