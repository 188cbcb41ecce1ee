namespace ControlPlane.Core.Scaling;

/// <summary>
/// Decides whether the forecast's answer may replace the reactive one. A forecast whose upper quantile has not been covering the demand is
/// not trusted; and while the objective is missed, or the pods are saturated, the reactive answer is a floor.
/// </summary>
public static class Trust
{
    /// <summary>Least measured coverage of the highest quantile at which a forecast is trusted.</summary>
    public const double MinCoverage = 0.85;

    /// <summary>Utilization from which on pods count as saturated, a fraction of the request.</summary>
    public const double SaturatedUtilization = 0.95;

    /// <summary>The proposal to go on with.</summary>
    public static Proposal Judge(DecisionInput input, int predicted, Proposal reactive, StageList stages)
    {
        var coverage = input.Forecast!.Coverage;
        var isTrusted = coverage is not < MinCoverage;
        var isAtRisk = IsAtRisk(input);
        var result = !isTrusted || (isAtRisk && reactive.Replicas > predicted)
            ? reactive
            : new Proposal(null, predicted, null, IsPredicted: true);
        stages.Add("trust", !isTrusted ? "coverage" : isAtRisk ? "objective-at-risk" : null, result.Replicas,
            new("coverage", coverage), new("predicted", predicted), new("reactive", reactive.Replicas));
        return result;
    }

    private static bool IsAtRisk(DecisionInput input)
    {
        var (observation, objective) = (input.Observation, input.Policy.Objective);
        return observation.LatencyP95Seconds > objective.Latency.TotalSeconds
            || observation.ErrorRatio > 1 - objective.Percentile
            || observation.Utilization >= SaturatedUtilization;
    }
}
