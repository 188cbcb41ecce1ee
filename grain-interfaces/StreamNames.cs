using ControlPlane.Core.Workloads;

namespace ControlPlane.GrainInterfaces;

/// <summary>Names of the streams. The namespace says what is on a stream; its key is the workload id that the event is for.</summary>
public static class StreamNames
{
    /// <summary>Name of the stream provider that carries all of them.</summary>
    public const string Provider = "controlplane";

    /// <summary><see cref="Core.Metrics.Observation"/>: one closed step; service to predictor and decision.</summary>
    public const string Observations = "observations";

    /// <summary><see cref="Core.Forecasting.Forecast"/>: predictor to decision.</summary>
    public const string Forecasts = "forecasts";

    /// <summary><see cref="Core.Anomalies.AnomalyReport"/>: to service.</summary>
    public const string Anomalies = "anomalies";

    /// <summary><see cref="PolicyChange"/>: policy to service, predictor and decision of every workload in the scope.</summary>
    public const string Policies = "policies";

    /// <summary><see cref="Core.Scaling.ScalingDecision"/>: decision to actuator.</summary>
    public const string Decisions = "decisions";

    /// <summary><see cref="Core.Healing.HealingDecision"/>: decision to actuator.</summary>
    public const string Healings = "healings";

    /// <summary><see cref="Core.Scaling.ActuationResult"/>: actuator to decision and service.</summary>
    public const string Actuations = "actuations";
}

/// <summary>Names of grain storage.</summary>
public static class StorageNames
{
    /// <summary>The store that holds every grain's state.</summary>
    public const string Grains = "grains";
}

/// <summary>Keys of the catalog's shards.</summary>
public static class CatalogShards
{
    /// <summary>Number of shards; part of the stored layout, so it never changes.</summary>
    public const int Count = 64;

    /// <summary>Every shard's key.</summary>
    public static IEnumerable<string> Keys => Enumerable.Range(0, Count).Select(Key);

    /// <summary>Key of the shard that holds a workload.</summary>
    public static string For(WorkloadId workload) => Key((int)(Core.StableHash.Of(workload.ToString()) % Count));

    private static string Key(int shard) => $"shard-{shard}";
}
