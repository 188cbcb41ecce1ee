namespace ControlPlane.Core.Scaling.Hpa;

/// <summary>The words with which the HPA algorithm says what decided; they are kept in decision records and never change.</summary>
public static class HpaRules
{
    /// <summary>The scale target asks for 0 replicas while the minimum is above 0: autoscaling is switched off.</summary>
    public const string ScaledToZero = "scaled-to-zero";

    /// <summary>The current replicas are above the maximum and are brought back at once.</summary>
    public const string AboveMaximum = "above-maximum";

    /// <summary>The current replicas are below the minimum and are brought back at once.</summary>
    public const string BelowMinimum = "below-minimum";

    /// <summary>The current replicas are unknown, so nothing is recommended.</summary>
    public const string ReplicasUnknown = "replicas-unknown";

    /// <summary>No metric could be evaluated, so nothing is recommended.</summary>
    public const string NoMetric = "no-metric";

    /// <summary>The metrics at hand ask for fewer replicas, but another metric failed, so nothing is recommended.</summary>
    public const string ScaleDownBlocked = "scale-down-blocked";

    /// <summary>A lower recommendation within the scale-up window holds the answer back.</summary>
    public const string StabilizedUp = "stabilized-up";

    /// <summary>A higher recommendation within the scale-down window holds the answer up.</summary>
    public const string StabilizedDown = "stabilized-down";

    /// <summary>The answer is cut to what the scale-up limits allow.</summary>
    public const string ScaleUpLimit = "scale-up-limit";

    /// <summary>The answer is cut to what the scale-down limits allow.</summary>
    public const string ScaleDownLimit = "scale-down-limit";

    /// <summary>Scaling up is switched off.</summary>
    public const string ScaleUpDisabled = "scale-up-disabled";

    /// <summary>Scaling down is switched off.</summary>
    public const string ScaleDownDisabled = "scale-down-disabled";

    /// <summary>The answer is cut to the maximum.</summary>
    public const string Maximum = "maximum";

    /// <summary>The answer is raised to the minimum.</summary>
    public const string Minimum = "minimum";

    /// <summary>Of a metric: usage ÷ target deviates from 1 by less than the tolerance.</summary>
    public const string WithinTolerance = "within-tolerance";

    /// <summary>Of a metric: counting the missing and unready pods would turn the direction round.</summary>
    public const string Reversal = "reversal";

    /// <summary>Of a metric: it failed because it was not measured.</summary>
    public const string MetricMissing = "metric-missing";

    /// <summary>Of a metric: it failed because no ready pod has a value.</summary>
    public const string NoReadyPod = "no-ready-pod";

    /// <summary>Of a metric: it failed because a pod has no request for the resource.</summary>
    public const string RequestMissing = "request-missing";

    /// <summary>Of a metric: it failed because the number of ready pods is unknown.</summary>
    public const string PodsUnknown = "pods-unknown";

    /// <summary>Of a metric: it failed because its kind of target does not fit it, or is not greater than 0.</summary>
    public const string TargetInvalid = "target-invalid";
}
