namespace ControlPlane.Simulation.Backtest;

/// <summary>How one method fared under one policy over all demands.</summary>
public sealed record BacktestSummary
{
    /// <summary>The policy's name; empty when there is only one.</summary>
    public required string Policy { get; init; }

    /// <summary>The method.</summary>
    public required string Method { get; init; }

    /// <summary>Number of demands.</summary>
    public required int Traces { get; init; }

    /// <summary>Mean share of requests that failed or were slower than the objective.</summary>
    public required double SloViolationRequestShare { get; init; }

    /// <summary>Mean share of time in which the objective was missed.</summary>
    public required double SloViolationTimeShare { get; init; }

    /// <summary>Pods over time, hours, of all demands.</summary>
    public required double PodHours { get; init; }

    /// <summary>Pod-hours ÷ those of the HPA, mean of the demands; null when no HPA ran.</summary>
    public double? PodHoursToHpa { get; init; }

    /// <summary>Mean share of time in violation ÷ that of the HPA; null when no HPA ran or it never missed the objective.</summary>
    public double? ViolationsToHpa { get; init; }

    /// <summary>Changes of the replicas a day, mean of the demands.</summary>
    public required double ScalingsPerDay { get; init; }

    /// <summary>One row for each policy and method, in the order of the first demand's report.</summary>
    public static IReadOnlyList<BacktestSummary> Of(IReadOnlyList<BacktestResult> results) =>
    [
        .. results.SelectMany(r => r.Report.Methods.Select(m => (Policy: r.Case.PolicyName, Method: m, Hpa: r.Report.Methods.FirstOrDefault(h => h.Name == "hpa"), r.Case.Load.Duration)))
            .GroupBy(row => (row.Policy, row.Method.Name))
            .Select(group =>
            {
                var rows = group.ToList();
                var hpaTime = rows.All(r => r.Hpa is not null) ? rows.Average(r => r.Hpa!.SloViolationTimeShare) : 0;
                return new BacktestSummary
                {
                    Policy = group.Key.Policy,
                    Method = group.Key.Name,
                    Traces = rows.Count,
                    SloViolationRequestShare = rows.Average(r => r.Method.SloViolationRequestShare),
                    SloViolationTimeShare = rows.Average(r => r.Method.SloViolationTimeShare),
                    PodHours = rows.Sum(r => r.Method.PodHours),
                    PodHoursToHpa = rows.All(r => r.Hpa is { PodHours: > 0 }) ? rows.Average(r => r.Method.PodHours / r.Hpa!.PodHours) : null,
                    ViolationsToHpa = hpaTime > 0 ? rows.Average(r => r.Method.SloViolationTimeShare) / hpaTime : null,
                    ScalingsPerDay = rows.Average(r => (r.Method.ScaleUps + r.Method.ScaleDowns) / r.Duration.TotalDays),
                };
            }),
    ];
}
