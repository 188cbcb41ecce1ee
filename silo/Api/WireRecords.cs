using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Scaling;
using ControlPlane.Core.Workloads;
using ControlPlane.GrainInterfaces;

namespace ControlPlane.Silo.Api;

/// <summary>Body of <c>POST /api/v1/services</c>.</summary>
internal sealed record RegistrationRequest
{
    public required string Id { get; init; }
    public string ApiVersion { get; init; } = "apps/v1";
    public string Resource { get; init; } = "deployments";
    public string? DemandMetric { get; init; }
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}

/// <summary>One pushed sample.</summary>
internal sealed record SampleRequest
{
    public required string Signal { get; init; }
    public required DateTimeOffset Timestamp { get; init; }
    public required double Value { get; init; }
    public string? Pod { get; init; }

    public MetricSample ToSample() => new() { Signal = Signal, Timestamp = Timestamp, Value = Value, Pod = Pod };
}

/// <summary>Answer of <c>GET /api/v1/services/{id}</c>.</summary>
internal sealed record StatusResponse
{
    public required string Id { get; init; }
    public DateTimeOffset? Time { get; init; }
    public double? Demand { get; init; }
    public int? ReadyReplicas { get; init; }
    public int? CurrentReplicas { get; init; }
    public int? DesiredReplicas { get; init; }
    public double? ForecastP50 { get; init; }
    public double? ForecastP90 { get; init; }
    public double? LatencyP95 { get; init; }
    public string? Reason { get; init; }
    public string? DecisionId { get; init; }
    public string? Anomaly { get; init; }
    public DateTimeOffset? AnomalyTime { get; init; }
    public IReadOnlyList<string> Problems { get; init; } = [];

    public static StatusResponse From(WorkloadId workload, ServiceSnapshot snapshot, ScalingDecision? decision, Forecast? forecast)
    {
        var observation = snapshot.Observation;
        return new StatusResponse
        {
            Id = workload.ToString(),
            Time = observation?.Time,
            Demand = observation?.Demand,
            ReadyReplicas = observation?.ReadyReplicas,
            CurrentReplicas = observation?.CurrentReplicas,
            DesiredReplicas = decision?.DesiredReplicas,
            ForecastP50 = AtLead(forecast, observation, 0.5f),
            ForecastP90 = AtLead(forecast, observation, 0.9f),
            LatencyP95 = observation?.LatencyP95Seconds,
            Reason = decision is null ? null : DecisionReason.Sentence(decision),
            DecisionId = decision?.Id,
            Anomaly = snapshot.Anomaly is { } anomaly ? ReportText.Of(anomaly) : null,
            AnomalyTime = snapshot.Anomaly?.Time,
            Problems = snapshot.Problems,
        };
    }

    private static double? AtLead(Forecast? forecast, Observation? observation, float quantile)
    {
        if (forecast is not { Status: ForecastStatus.Ready }) return null;
        var index = forecast.Quantiles.IndexOf(quantile);
        var lead = (int)Math.Ceiling((observation?.StartupSeconds ?? 60) / forecast.Step.TotalSeconds);
        return index < 0 ? null : forecast.At(Math.Clamp(lead, 1, forecast.Horizon), index);
    }
}

/// <summary>One decision in short.</summary>
internal sealed record DecisionResponse(
    string Id, DateTimeOffset Time, ScalingAction Action, int? Current, int? Desired, ReasonCode Reason, string Sentence)
{
    public static DecisionResponse From(ScalingDecision d) =>
        new(d.Id, d.Time, d.Action, d.CurrentReplicas, d.DesiredReplicas, d.Reason, DecisionReason.Sentence(d));
}
