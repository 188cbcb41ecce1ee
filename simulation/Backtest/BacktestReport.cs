using System.Text.Json;
using System.Text.Json.Serialization;
using ControlPlane.Core.Policies;
using ControlPlane.Simulation.Services;

namespace ControlPlane.Simulation.Backtest;

/// <summary>What a backtest found; its JSON is what <c>controlplane backtest --format json</c> prints.</summary>
public sealed record BacktestReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>The trace's name.</summary>
    public required string Trace { get; init; }

    /// <summary>The seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Length of a step, seconds.</summary>
    public required double StepSeconds { get; init; }

    /// <summary>The policy.</summary>
    public required PolicyDocument Policy { get; init; }

    /// <summary>How each method fared, our own first.</summary>
    public required IReadOnlyList<MethodReport> Methods { get; init; }

    /// <summary>The report as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Several reports and their summary as JSON.</summary>
    public static string ToJson(IReadOnlyList<BacktestResult> results) => JsonSerializer.Serialize(
        new { reports = results.Select(r => new { policyName = r.Case.PolicyName, report = r.Report }), summary = BacktestSummary.Of(results) }, Json);
}

/// <summary>How one method fared; shares are fractions.</summary>
public sealed record MethodReport
{
    /// <summary>The method.</summary>
    public required string Name { get; init; }

    /// <summary>Share of requests that failed or were slower than the objective.</summary>
    public required double SloViolationRequestShare { get; init; }

    /// <summary>Share of time in which the objective's percentile was missed.</summary>
    public required double SloViolationTimeShare { get; init; }

    /// <summary>Share of time with fewer ready pods than the demand needed.</summary>
    public required double UnderProvisionedTimeShare { get; init; }

    /// <summary>Missing pods over time, hours.</summary>
    public required double UnderProvisionedPodHours { get; init; }

    /// <summary>Share of time with more ready pods than the demand needed.</summary>
    public required double OverProvisionedTimeShare { get; init; }

    /// <summary>Surplus pods over time, hours.</summary>
    public required double OverProvisionedPodHours { get; init; }

    /// <summary>Pods over time, hours; starting ones are paid for.</summary>
    public required double PodHours { get; init; }

    /// <summary>Changes to more replicas.</summary>
    public required int ScaleUps { get; init; }

    /// <summary>Changes to fewer replicas.</summary>
    public required int ScaleDowns { get; init; }

    /// <summary>Response time of served requests.</summary>
    public required LatencyReport LatencySeconds { get; init; }

    /// <summary>How long the run took, seconds.</summary>
    public required double WallSeconds { get; init; }

    /// <summary>The report of a service's outcome.</summary>
    public static MethodReport From(string name, ServiceOutcome o, TimeSpan wall) => new()
    {
        Name = name,
        SloViolationRequestShare = o.SloViolationRequestShare,
        SloViolationTimeShare = o.SloViolationTimeShare,
        UnderProvisionedTimeShare = o.UnderProvisionedTimeShare,
        UnderProvisionedPodHours = o.UnderProvisionedPodHours,
        OverProvisionedTimeShare = o.OverProvisionedTimeShare,
        OverProvisionedPodHours = o.OverProvisionedPodHours,
        PodHours = o.PodHours,
        ScaleUps = o.ScaleUps,
        ScaleDowns = o.ScaleDowns,
        LatencySeconds = new LatencyReport(o.LatencyP50Seconds, o.LatencyP95Seconds, o.LatencyP99Seconds),
        WallSeconds = wall.TotalSeconds,
    };
}

/// <summary>One run of one method.</summary>
/// <param name="Report">How it fared.</param>
/// <param name="Outcome">All that the run counted.</param>
public sealed record MethodRun(MethodReport Report, ServiceOutcome Outcome)
{
    /// <summary>What happened over time, one for each of <see cref="PlotWindows"/>; empty unless asked for.</summary>
    public IReadOnlyList<RunSeries> Series { get; init; } = [];
}

/// <summary>Quantiles of the response time of served requests, seconds; null without any.</summary>
public sealed record LatencyReport(double? P50, double? P95, double? P99);
