using System.Collections.Immutable;
using ControlPlane.Core.Anomalies;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Scaling;
using ControlPlane.Core.Scaling.Removal;
using ControlPlane.Core.Workloads;
using Orleans.Concurrency;

namespace ControlPlane.GrainInterfaces;

/// <summary>One monitored workload: its registration, its signals and its metric window. Key: the workload id.</summary>
[Alias("cp.IServiceGrain")]
public interface IServiceGrain : IGrainWithStringKey
{
    /// <summary>Stores the registration and starts to observe; a second registration replaces the first.</summary>
    [Alias("Register")]
    Task Register(WorkloadSpec spec);

    /// <summary>Stops to observe and forgets the registration.</summary>
    [Alias("Unregister")]
    Task Unregister();

    /// <summary>Takes pushed samples into the open step.</summary>
    [Alias("Ingest")]
    Task<IngestResult> Ingest(ImmutableArray<MetricSample> samples);

    /// <summary>Activates the grain, so that it observes; true when it is registered.</summary>
    [Alias("EnsureActive"), AlwaysInterleave]
    Task<bool> EnsureActive();

    /// <summary>The registration; null when there is none.</summary>
    [Alias("GetSpec"), AlwaysInterleave]
    Task<WorkloadSpec?> GetSpec();

    /// <summary>What the grain knows now.</summary>
    [Alias("GetSnapshot"), AlwaysInterleave]
    Task<ServiceSnapshot> GetSnapshot();

    /// <summary>As <see cref="GetSnapshot"/>, under the name that the Orleans dashboard asks for.</summary>
    [Alias("GetState"), AlwaysInterleave]
    Task<ServiceSnapshot> GetState();

    /// <summary>What is known of the pods that matters for which of them go first: faults of the newest step, connections that were reported lately.</summary>
    [Alias("GetRemovalHints"), AlwaysInterleave]
    Task<RemovalHints> GetRemovalHints();

    /// <summary>Demand of the newest part of the window, oldest first.</summary>
    /// <param name="count">Most values to give, 1 to 4096.</param>
    [Alias("GetDemand"), AlwaysInterleave]
    Task<ImmutableArray<DemandPoint>> GetDemand(int count);

    /// <summary>The demand window, every moment in the finest resolution that holds it; empty before the first step.</summary>
    /// <param name="span">How far back, at most 4 weeks.</param>
    [Alias("GetHistory"), AlwaysInterleave]
    Task<ImmutableArray<HistoryPart>> GetHistory(TimeSpan span);
}

/// <summary>What became of pushed samples.</summary>
[GenerateSerializer, Immutable, Alias("cp.IngestResult")]
public sealed record IngestResult
{
    /// <summary>Samples taken.</summary>
    [Id(0)] public required int Accepted { get; init; }

    /// <summary>Samples refused: late, repeated, from the future or not finite.</summary>
    [Id(1)] public required int Rejected { get; init; }
}

/// <summary>What a service grain knows at a moment.</summary>
[GenerateSerializer, Immutable, Alias("cp.ServiceSnapshot")]
public sealed record ServiceSnapshot
{
    /// <summary>The registration; null when there is none.</summary>
    [Id(0)] public WorkloadSpec? Spec { get; init; }

    /// <summary>The newest closed step; null before the first.</summary>
    [Id(1)] public Observation? Observation { get; init; }

    /// <summary>What the collector could not read at the newest step.</summary>
    [Id(2)] public ImmutableArray<string> Problems { get; init; } = [];

    /// <summary>The newest actuation; null before the first.</summary>
    [Id(3)] public ActuationResult? Actuation { get; init; }

    /// <summary>The newest anomaly; null before the first.</summary>
    [Id(4)] public AnomalyReport? Anomaly { get; init; }
}

/// <summary>Demand at one step.</summary>
[GenerateSerializer, Immutable, Alias("cp.DemandPoint")]
public sealed record DemandPoint
{
    /// <summary>End of the step, UTC.</summary>
    [Id(0)] public required DateTimeOffset Time { get; init; }

    /// <summary>Requests per second; null when unknown.</summary>
    [Id(1)] public double? Demand { get; init; }
}
