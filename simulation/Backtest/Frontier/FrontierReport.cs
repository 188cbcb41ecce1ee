using System.Text.Json;
using System.Text.Json.Serialization;

namespace ControlPlane.Simulation.Backtest.Frontier;

/// <summary>What a frontier found; its JSON is what <c>controlplane backtest --frontier --format json</c> prints.</summary>
/// <param name="Frontier">Every setting; of the tuned HPAs those that no other one of them beats.</param>
/// <param name="GapClosed">How much of the distance from the HPAs to the oracle is closed, averaged over the traces.</param>
/// <param name="Traces">The same for each trace.</param>
public sealed record FrontierReport(IReadOnlyList<FrontierPoint> Frontier, IReadOnlyList<GapClosedRow> GapClosed, IReadOnlyList<TraceGap> Traces)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>The report as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);
}

/// <summary>One setting of one method on one trace; shares are fractions.</summary>
/// <param name="Trace">The trace.</param>
/// <param name="Method">One of <see cref="FrontierMethods"/>.</param>
/// <param name="Parameter">The HPA's target, or the price of a violation in pod-steps; 0 for the oracle.</param>
/// <param name="StartupSeconds">Time from a pod's creation to readiness.</param>
/// <param name="UnderProvisionedTimeShare">Share of time with less capacity than demand.</param>
/// <param name="UnservedDemandShare">Share of the demand beyond the capacity.</param>
/// <param name="PodHours">Pods over time, starting ones included.</param>
/// <param name="ScalingsPerDay">Changes of the replicas a day.</param>
/// <param name="WindowSeconds">Stabilization window of a tuned HPA.</param>
/// <param name="Tolerance">Tolerance of a tuned HPA.</param>
public sealed record FrontierPoint(
    string Trace, string Method, double Parameter, double StartupSeconds, double UnderProvisionedTimeShare, double UnservedDemandShare, double PodHours, double ScalingsPerDay,
    double? WindowSeconds = null, double? Tolerance = null);

/// <summary>Shares closed of the distance from one HPA's frontier to the oracle.</summary>
/// <param name="StartupSeconds">The start-up.</param>
/// <param name="Against"><c>hpa</c> or <c>hpa-rate</c>.</param>
/// <param name="Value">Ours, by violated time; null where the HPA has fewer than three settings with violations above 0 and below 5%.</param>
/// <param name="Tuned">That of the tuned HPA family on the same metric.</param>
/// <param name="UnservedDemand">Ours, by unserved demand.</param>
/// <param name="ViolationsAtPodHours">Our violations ÷ those of the HPA at target 0.7, at no more pod-hours.</param>
/// <param name="ScalingsPerDay">Our changes of the replicas a day, averaged over the settings.</param>
/// <param name="HpaScalingsPerDay">Those of the HPA, averaged over its targets.</param>
public sealed record GapClosedRow(
    double StartupSeconds, string Against, double? Value, double? Tuned, double? UnservedDemand, double? ViolationsAtPodHours, double ScalingsPerDay, double HpaScalingsPerDay);

/// <summary>The shares on one trace.</summary>
/// <param name="Name">The trace.</param>
/// <param name="GapClosed">One row a start-up and HPA.</param>
public sealed record TraceGap(string Name, IReadOnlyList<GapClosedRow> GapClosed);

/// <summary>Names of the methods of a frontier.</summary>
public static class FrontierMethods
{
    /// <summary>HPA on utilization, Kubernetes' defaults.</summary>
    public const string Hpa = "hpa";

    /// <summary>HPA on request rate.</summary>
    public const string HpaRate = "hpa-rate";

    /// <summary>HPAs on utilization over targets, windows and tolerances, chosen in hindsight.</summary>
    public const string HpaTuned = "hpa-tuned";

    /// <summary>Knows the future.</summary>
    public const string Oracle = "oracle";
}
