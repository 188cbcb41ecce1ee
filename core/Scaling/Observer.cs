using System.Collections.Immutable;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling.Hpa;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Core.Scaling;

/// <summary>One step of observation: from what a collector saw to what the decision needs. The grain and the backtest both call it.</summary>
public static class Observer
{
    /// <summary>Closes the step that ends at a moment.</summary>
    /// <param name="builder">The workload's filters and open step; changed.</param>
    /// <param name="workload">The workload.</param>
    /// <param name="stepEnd">End of the step, on the step grid, UTC.</param>
    /// <param name="policy">Names the metrics and how young pods count.</param>
    /// <param name="reading">What the collector saw; null when it saw nothing.</param>
    public static Observation Step(ObservationBuilder builder, WorkloadId workload, DateTimeOffset stepEnd, PolicyDocument policy, WorkloadReading? reading)
    {
        ImmutableArray<PodMetricSummary> summaries = [];
        if (reading?.Pods is { } pods)
        {
            var reactive = policy.Reactive;
            PodMetricSummary Of(string metric) =>
                PodGrouping.Summarize(metric, pods, reading.Samples.AsSpan(), stepEnd, reactive.CpuInitializationPeriod, reactive.InitialReadinessDelay);

            summaries = [Of(SignalNames.Cpu)];
            foreach (var target in reactive.Metrics)
                if (target.Metric is not (SignalNames.Cpu or SignalNames.Demand)) summaries = summaries.Add(Of(target.Metric));
        }
        return builder.Close(workload, stepEnd, policy.Step, reading, summaries, Expected(policy.Reactive));
    }

    private static ImmutableArray<string> Expected(ReactivePolicy reactive) =>
        reactive.Metrics is [{ Metric: SignalNames.Cpu }] ? CpuOnly : [.. reactive.Metrics.Select(m => m.Metric).Distinct()];

    private static readonly ImmutableArray<string> CpuOnly = [SignalNames.Cpu];
}
