using System.Collections.Immutable;
using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Core.Tests.Scaling;

/// <summary>Makes steps of a workload whose pods have a request of 1 core and serve 100 requests per second at full CPU.</summary>
internal static class Steps
{
    public const double SaturationPerPod = 100;

    public static readonly WorkloadId Workload = WorkloadId.Parse("test/ns/deployment/web");
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(15);
    public static readonly PolicyDocument Policy = new() { Mode = PolicyMode.Auto, MinReplicas = 2, MaxReplicas = 50, Version = 3 };

    public static Observation Observe(int step, int replicas, double? demand)
    {
        var usage = demand is { } d ? Math.Min(d / SaturationPerPod / replicas, 1) : 0.5;
        return new Observation
        {
            Workload = Workload,
            Time = Start + step * Step,
            Step = Step,
            Demand = demand,
            FilteredDemand = demand,
            CurrentReplicas = replicas,
            ReadyReplicas = replicas,
            Utilization = demand is null ? null : usage,
            PodMetrics = demand is null ? [] : [new PodMetricSummary { Metric = SignalNames.Cpu, ReadyPods = replicas, UsageMilli = (long)(usage * 1000) * replicas, RequestMilli = 1000 * replicas }],
            MissingSignals = demand is null ? [SignalNames.Demand, SignalNames.Cpu] : [],
        };
    }

    public static Forecast Foresee(Observation observation, double center, double spread = 5, int horizon = 40) => new()
    {
        Workload = Workload,
        IssuedAt = observation.Time,
        Step = Step,
        Status = ForecastStatus.Ready,
        Horizon = horizon,
        Quantiles = ForecastSettings.Quantiles,
        Values = [.. Enumerable.Range(0, horizon).SelectMany(_ => (float[])[(float)(center - spread), (float)center, (float)(center + spread), (float)(center + 1.5 * spread), (float)(center + 2.5 * spread)])],
        Model = "test",
        ModelVersion = "1.0.0",
        Coverage = 0.99,
    };

    public static DecisionInput Input(Observation observation, Forecast? forecast = null, PolicyDocument? policy = null, long sequence = 1) => new()
    {
        Observation = observation,
        Forecast = forecast,
        Policy = policy ?? Policy,
        Epoch = 7,
        Sequence = sequence,
    };

    /// <summary>Runs a workload whose replicas are ready at once; gives replicas after each step.</summary>
    public static ImmutableArray<int> Run(int steps, int replicas, Func<int, double?> demand, Func<Observation, Forecast?> forecast, PolicyDocument? policy = null)
    {
        var state = DecisionState.Empty;
        var course = ImmutableArray.CreateBuilder<int>();
        for (var step = 1; step <= steps; step++)
        {
            var observation = Observe(step, replicas, demand(step));
            (state, var decision) = DecisionPipeline.Decide(state, Input(observation, forecast(observation), policy, step));
            if (decision.Action != ScalingAction.Hold) state = DecisionPipeline.Confirm(state, decision, (policy ?? Policy).Behavior);
            replicas = decision.DesiredReplicas ?? replicas;
            course.Add(replicas);
        }
        return course.ToImmutable();
    }
}
