namespace ControlPlane.Core.Metrics;

/// <summary>One measured value of one signal.</summary>
[GenerateSerializer, Immutable, Alias("cp.MetricSample")]
public sealed record MetricSample
{
    /// <summary>The signal, one of <see cref="SignalNames"/> or a metric's own name.</summary>
    [Id(0)] public required string Signal { get; init; }

    /// <summary>When it was measured; any offset is accepted and normalised to UTC.</summary>
    [Id(1)] public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The value in the signal's unit; must be finite.</summary>
    [Id(2)] public required double Value { get; init; }

    /// <summary>The pod it was measured on; null for the whole workload.</summary>
    [Id(3)] public string? Pod { get; init; }

    /// <summary>How far the source trusts the value.</summary>
    [Id(4)] public SampleQuality Quality { get; init; }
}

/// <summary>How far a sample's source trusts it.</summary>
[GenerateSerializer, Alias("cp.SampleQuality")]
public enum SampleQuality
{
    /// <summary>Measured as it should be.</summary>
    Good,

    /// <summary>Estimated, interpolated or otherwise doubtful: kept for the record, not used to scale down.</summary>
    Suspect,
}

/// <summary>The signals that the control plane itself understands.</summary>
public static class SignalNames
{
    /// <summary>Offered load of the workload, requests per second.</summary>
    public const string Demand = "demand";

    /// <summary>CPU usage of a pod, cores.</summary>
    public const string Cpu = "cpu";

    /// <summary>Memory usage of a pod, bytes.</summary>
    public const string Memory = "memory";

    /// <summary>Median response time, seconds.</summary>
    public const string LatencyP50 = "latency_p50";

    /// <summary>95th percentile of the response time, seconds.</summary>
    public const string LatencyP95 = "latency_p95";

    /// <summary>99th percentile of the response time, seconds.</summary>
    public const string LatencyP99 = "latency_p99";

    /// <summary>Share of requests that failed, a fraction.</summary>
    public const string ErrorRatio = "error_ratio";
}
