using System.Text.Json;

namespace ControlPlane.Simulation.Backtest.Frontier;

/// <summary>How our own method fared against the HPA at the same target, with forecasts as they are and with useless ones.</summary>
/// <param name="Rows">One row a trace, start-up, target and kind of forecasts.</param>
public sealed record NoRegretReport(IReadOnlyList<NoRegretRow> Rows)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Whether every row keeps the promise.</summary>
    public bool IsKept => Rows.All(row => row.IsKept);

    /// <summary>The report as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);
}

/// <summary>One run of ours against one of the HPA.</summary>
/// <param name="Trace">The trace.</param>
/// <param name="StartupSeconds">Time from a pod's creation to readiness.</param>
/// <param name="Target">Utilization that the HPA aims at, a fraction.</param>
/// <param name="Forecasts">How good the forecasts were.</param>
/// <param name="StartupSteps">Steps of a start-up, the step of the decision included.</param>
/// <param name="Violations">Our steps with less capacity than demand.</param>
/// <param name="HpaViolations">Those of the HPA.</param>
/// <param name="PodSteps">Our pods, summed over the steps.</param>
/// <param name="HpaPodSteps">Those of the HPA.</param>
public sealed record NoRegretRow(
    string Trace, double StartupSeconds, double Target, string Forecasts, int StartupSteps, long Violations, long HpaViolations, long PodSteps, long HpaPodSteps)
{
    /// <summary>Start-ups of violation that may be lost to a forecast that goes bad.</summary>
    public const int StartupsLost = 3;

    private const double Slack = 1.02;

    /// <summary>Our violations beyond 1.02 times the HPA's, in start-ups; at most <see cref="StartupsLost"/> are promised.</summary>
    public double StartupsBehind => (Violations - Slack * HpaViolations) / StartupSteps;

    /// <summary>Our pods ÷ the HPA's; at most 1.02 is promised.</summary>
    public double Pods => (double)PodSteps / HpaPodSteps;

    /// <summary>Whether the promise is kept.</summary>
    public bool IsKept => StartupsBehind <= StartupsLost && Pods <= Slack;
}
