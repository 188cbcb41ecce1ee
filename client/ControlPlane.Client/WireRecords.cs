namespace ControlPlane.Client;

/// <summary>A service to be scaled.</summary>
public sealed record ServiceRegistration
{
    /// <summary>The workload as <c>cluster/namespace/kind/name</c>.</summary>
    public required string Id { get; init; }

    /// <summary>API group and version of the scale target. Default <c>apps/v1</c>.</summary>
    public string ApiVersion { get; init; } = "apps/v1";

    /// <summary>Plural resource name of the scale target. Default <c>deployments</c>.</summary>
    public string Resource { get; init; } = "deployments";

    /// <summary>Custom metric that counts requests per second; null when demand is pushed with <see cref="ControlPlaneClient.PushAsync"/>.</summary>
    public string? DemandMetric { get; init; }

    /// <summary>Labels for grouping and search.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}

/// <summary>One measured value.</summary>
public sealed record Sample
{
    /// <summary>The signal, for example <c>demand</c> (requests per second) or <c>latency_p95</c> (seconds).</summary>
    public required string Signal { get; init; }

    /// <summary>When it was measured.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The value; must be finite.</summary>
    public required double Value { get; init; }

    /// <summary>The pod it was measured on; null for the whole service.</summary>
    public string? Pod { get; init; }
}

/// <summary>How many samples were taken and refused.</summary>
/// <param name="Accepted">Samples taken.</param>
/// <param name="Rejected">Samples refused: late, repeated, from the future or not finite.</param>
public sealed record PushResult(int Accepted, int Rejected);

/// <summary>What the control plane knows of a service now; a null is unknown.</summary>
public sealed record ServiceStatus
{
    /// <summary>The workload as <c>cluster/namespace/kind/name</c>.</summary>
    public required string Id { get; init; }

    /// <summary>End of the newest step.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>Requests per second.</summary>
    public double? Demand { get; init; }

    /// <summary>Pods ready to serve.</summary>
    public int? ReadyReplicas { get; init; }

    /// <summary>Replicas that the scale target asks for.</summary>
    public int? CurrentReplicas { get; init; }

    /// <summary>Replicas that the newest decision asks for.</summary>
    public int? DesiredReplicas { get; init; }

    /// <summary>Median demand forecast at the lead time, requests per second.</summary>
    public double? ForecastP50 { get; init; }

    /// <summary>90% quantile of the demand forecast at the lead time, requests per second.</summary>
    public double? ForecastP90 { get; init; }

    /// <summary>95th percentile of the response time, seconds.</summary>
    public double? LatencyP95 { get; init; }

    /// <summary>Why the newest decision is what it is.</summary>
    public string? Reason { get; init; }

    /// <summary>Id of the newest decision.</summary>
    public string? DecisionId { get; init; }

    /// <summary>The newest anomaly in words; null before the first.</summary>
    public string? Anomaly { get; init; }

    /// <summary>When it was reported.</summary>
    public DateTimeOffset? AnomalyTime { get; init; }

    /// <summary>What could not be read at the newest step.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}

/// <summary>A decision in short.</summary>
/// <param name="Id">The decision's id.</param>
/// <param name="Time">Time of the step.</param>
/// <param name="Action">Hold, ScaleUp or ScaleDown.</param>
/// <param name="Current">Replicas seen; null when unknown.</param>
/// <param name="Desired">Replicas asked for; null when unknown.</param>
/// <param name="Reason">Why, as a code.</param>
/// <param name="Sentence">Why, in words.</param>
public sealed record DecisionSummary(string Id, DateTimeOffset Time, string Action, int? Current, int? Desired, string Reason, string Sentence);
