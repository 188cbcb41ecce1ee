using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ControlPlane.Core.Metrics.Filters;
using ControlPlane.Core.Metrics.State;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Core.Metrics;

/// <summary>
/// Turns samples and readings of one workload into one observation a step. Holds the filters, the open step and the start-up estimate;
/// no clock: the caller says when a step ends. Not thread-safe.
/// </summary>
public sealed class ObservationBuilder
{
    /// <summary>Name under which <see cref="Observation.MissingSignals"/> tells that the wanted replicas are unknown.</summary>
    public const string ReplicasSignal = "replicas";

    /// <summary>Name under which <see cref="Observation.MissingSignals"/> tells that the pods are unknown.</summary>
    public const string PodsSignal = "pods";

    private const string Kind = "CPOB";
    private const ushort FormatVersion = 1;
    private readonly IntakeOptions _options;
    private readonly SampleIntake _intake;
    private readonly OutlierFilter _outliers;
    private readonly StepAccumulator _open = new();
    private readonly StartupEstimator _startup = new();

    /// <summary>A builder that has seen nothing.</summary>
    public ObservationBuilder(IntakeOptions? options = null)
    {
        _options = options ?? new IntakeOptions();
        _intake = new SampleIntake(_options);
        _outliers = new OutlierFilter(_options);
    }

    /// <summary>What the filters did since the start; pod samples of a reading that no one asks the builder for are not counted.</summary>
    public IntakeCounts Counts => _intake.Counts with { Outliers = _outliers.Replaced };

    /// <summary>Takes one pushed sample into the open step.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="openStepStart">Start of the open step.</param>
    /// <param name="now">The present moment.</param>
    public SampleOutcome Push(MetricSample sample, DateTimeOffset openStepStart, DateTimeOffset now)
    {
        var outcome = _intake.Admit(sample, openStepStart, now, out var accepted);
        if (accepted is not null) _open.Add(accepted);
        return outcome;
    }

    /// <summary>
    /// Closes the step that ends at <paramref name="stepEnd"/> and opens the next. Of the reading's samples it takes those of the whole
    /// workload, and those of pods only where the observation needs their aggregate: a pod metric that is summarised already, or that
    /// no one expects, passes by, so that a step costs little however many pods there are.
    /// </summary>
    /// <param name="workload">The workload.</param>
    /// <param name="stepEnd">End of the step; put on the step grid.</param>
    /// <param name="step">Length of the step.</param>
    /// <param name="reading">What a collector saw in this step; null when there was none.</param>
    /// <param name="podMetrics">The pod metrics of the reading, summarised for the HPA's arithmetic.</param>
    /// <param name="expectedMetrics">Metrics that the policy uses; those without a value are named missing.</param>
    public Observation Close(
        WorkloadId workload,
        DateTimeOffset stepEnd,
        TimeSpan step,
        WorkloadReading? reading,
        ImmutableArray<PodMetricSummary> podMetrics,
        ImmutableArray<string> expectedMetrics)
    {
        var end = StepGrid.EndOf(stepEnd, step);
        var summaries = podMetrics.IsDefault ? [] : podMetrics;
        var expected = expectedMetrics.IsDefault ? [] : expectedMetrics;
        if (reading is not null) PushAll(reading.Samples, end - step, end, summaries, expected);
        if (reading?.Pods is { } pods) _startup.Observe(pods);
        _intake.CloseStep(end);
        var ready = ReadyReplicas(reading);
        var values = new StepValues(_open.Take(), ready, _options.MinPodShare);
        var demand = values.Of(SignalNames.Demand);
        return new Observation
        {
            Workload = workload,
            Time = end,
            Step = step,
            Demand = demand.Value,
            FilteredDemand = _outliers.Filter(demand.Value) is { } filtered ? Math.Max(filtered, 0) : null,
            CurrentReplicas = reading?.CurrentReplicas,
            ReadyReplicas = ready,
            Utilization = Utilization(summaries),
            LatencyP50Seconds = values.Of(SignalNames.LatencyP50).Value,
            LatencyP95Seconds = values.Of(SignalNames.LatencyP95).Value,
            LatencyP99Seconds = values.Of(SignalNames.LatencyP99).Value,
            ErrorRatio = values.Of(SignalNames.ErrorRatio).Value,
            PodMetrics = summaries,
            StartupSeconds = _startup.Seconds,
            MissingSignals = Missing(demand, reading, summaries, values, expected),
        };
    }

    /// <summary>The compact, versioned and checksummed byte form of what outlives a step (the open step's samples do not).</summary>
    public ImmutableArray<byte> Save()
    {
        var writer = new StateWriter(Kind, FormatVersion);
        _outliers.Save(writer);
        _startup.Save(writer);
        return ImmutableCollectionsMarshal.AsImmutableArray(writer.ToBytes());
    }

    /// <summary>Restores what <see cref="Save"/> gave.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged or something else; the message says what is wrong.</exception>
    public static ObservationBuilder Load(ReadOnlySpan<byte> bytes, IntakeOptions? options = null)
    {
        var builder = new ObservationBuilder(options);
        var reader = new StateReader(bytes, Kind, FormatVersion, "an observation builder");
        builder._outliers.Load(ref reader);
        builder._startup.Load(ref reader);
        reader.End();
        return builder;
    }

    private void PushAll(
        ImmutableArray<MetricSample> samples, DateTimeOffset start, DateTimeOffset end, ImmutableArray<PodMetricSummary> summaries, ImmutableArray<string> expected)
    {
        // Readings tell one or two signals of each pod in turn: the answers for these two are kept.
        var (last, before) = ((Signal: "", IsAggregated: false), (Signal: "", IsAggregated: false));
        foreach (var sample in samples)
        {
            if (sample.Pod is not null)
            {
                if (!ReferenceEquals(sample.Signal, last.Signal))
                    (last, before) = (ReferenceEquals(sample.Signal, before.Signal) ? before : (sample.Signal, IsAggregated(sample.Signal, summaries, expected)), last);
                if (!last.IsAggregated) continue;
            }

            Push(sample, start, end);
        }
    }

    /// <summary>Whether the observation needs a signal's sum or worst value over the pods.</summary>
    private static bool IsAggregated(string signal, ImmutableArray<PodMetricSummary> summaries, ImmutableArray<string> expected) => signal switch
    {
        SignalNames.Demand or SignalNames.LatencyP50 or SignalNames.LatencyP95 or SignalNames.LatencyP99 or SignalNames.ErrorRatio => true,
        _ => IsOneOf(signal, expected) && Find(summaries, signal) is not { ReadyPods: > 0 },
    };

    private static int? ReadyReplicas(WorkloadReading? reading)
    {
        if (reading?.Pods is not { } pods) return null;
        var ready = 0;
        foreach (var pod in pods)
            if (pod is { IsReady: true, IsTerminating: false }) ready++;
        return ready;
    }

    private static double? Utilization(ImmutableArray<PodMetricSummary> summaries) =>
        Find(summaries, SignalNames.Cpu) is { ReadyPods: > 0, RequestMilli: > 0 } cpu ? (double)cpu.UsageMilli / cpu.RequestMilli.Value : null;

    private static PodMetricSummary? Find(ImmutableArray<PodMetricSummary> summaries, string metric)
    {
        foreach (var summary in summaries)
            if (summary.Metric == metric) return summary;
        return null;
    }

    private static bool IsOneOf(string signal, ImmutableArray<string> expected)
    {
        foreach (var metric in expected)
            if (metric == signal) return true;
        return false;
    }

    private static ImmutableArray<string> Missing(
        PodAggregation.Aggregate demand,
        WorkloadReading? reading,
        ImmutableArray<PodMetricSummary> summaries,
        StepValues values,
        ImmutableArray<string> expectedMetrics)
    {
        ImmutableArray<string> missing = [];
        if (demand.Value is null || demand.IsSuspect) missing = missing.Add(SignalNames.Demand);
        if (reading?.CurrentReplicas is null) missing = missing.Add(ReplicasSignal);
        if (reading?.Pods is null) missing = missing.Add(PodsSignal);
        foreach (var metric in expectedMetrics)
        {
            var isThere = Find(summaries, metric) is { ReadyPods: > 0 } || values.Of(metric).Value is not null;
            if (!isThere && !missing.Contains(metric)) missing = missing.Add(metric);
        }

        return missing;
    }

    private readonly record struct StepValues(ImmutableArray<MetricSample> Samples, int? ReadyPods, double MinPodShare)
    {
        public PodAggregation.Aggregate Of(string signal) => PodAggregation.Of(Samples, signal, ReadyPods, MinPodShare);
    }
}
