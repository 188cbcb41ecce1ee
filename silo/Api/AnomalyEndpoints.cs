using ControlPlane.Core.Anomalies;
using ControlPlane.Core.Anomalies.Watch;
using ControlPlane.Core.Workloads;
using ControlPlane.GrainInterfaces;

namespace ControlPlane.Silo.Api;

/// <summary>Anomalies of a service, and what operators say of them, under <c>/api/v1/anomalies</c>.</summary>
internal static class AnomalyEndpoints
{
    private const string Id = "/{cluster}/{ns}/{kind}/{name}";

    public static void MapAnomalies(this IEndpointRouteBuilder app)
    {
        var anomalies = app.MapGroup($"/api/v1/anomalies{Id}");
        anomalies.MapGet("", (IGrainFactory grains, string cluster, string ns, string kind, string name) =>
            ServiceEndpoints.With(cluster, ns, kind, name, workload => Get(grains, workload)));
        anomalies.MapPost("/{anomaly}/confirm", (IGrainFactory grains, string cluster, string ns, string kind, string name, string anomaly) =>
            ServiceEndpoints.With(cluster, ns, kind, name, workload => Label(grains, workload, anomaly, isReal: true)));
        anomalies.MapPost("/{anomaly}/dismiss", (IGrainFactory grains, string cluster, string ns, string kind, string name, string anomaly) =>
            ServiceEndpoints.With(cluster, ns, kind, name, workload => Label(grains, workload, anomaly, isReal: false)));
    }

    private static async Task<IResult> Get(IGrainFactory grains, WorkloadId workload)
    {
        var key = workload.ToString();
        var snapshot = await grains.GetGrain<IServiceGrain>(key).GetSnapshot();
        if (snapshot.Spec is null) return ApiErrors.NotFound(key);
        var overview = await grains.GetGrain<IPredictorGrain>(key).GetAnomalies();
        return Results.Ok(new AnomaliesResponse(
            [.. (snapshot.Observation?.Health?.Reports(workload, snapshot.Observation.Time) ?? []).Select(ReportText.Of)],
            overview.Detectors,
            [.. overview.Anomalies.Select(AnomalyResponse.From)]));
    }

    private static async Task<IResult> Label(IGrainFactory grains, WorkloadId workload, string anomaly, bool isReal)
    {
        var key = workload.ToString();
        if (!await grains.GetGrain<IServiceGrain>(key).EnsureActive()) return ApiErrors.NotFound(key);
        return await grains.GetGrain<IPredictorGrain>(key).LabelAnomaly(anomaly, isReal) is { } labelled
            ? Results.Ok(AnomalyResponse.From(labelled))
            : Results.Problem($"{key} has no anomaly '{anomaly}' that is kept", statusCode: StatusCodes.Status404NotFound);
    }
}

/// <summary>Answer of <c>GET /api/v1/anomalies/{id}</c>.</summary>
/// <param name="Health">What is wrong with the pods now, one sentence each.</param>
/// <param name="Detectors">The detectors that watch the signals.</param>
/// <param name="Anomalies">The newest anomalies of the signals, newest first.</param>
internal sealed record AnomaliesResponse(IReadOnlyList<string> Health, IReadOnlyList<DetectorState> Detectors, IReadOnlyList<AnomalyResponse> Anomalies);

/// <summary>One anomaly of signals.</summary>
internal sealed record AnomalyResponse(
    string Id, string Kind, DateTimeOffset Started, DateTimeOffset Detected, DateTimeOffset? Ended, double Peak, double Threshold, IReadOnlyList<SignalShare> Signals, bool? IsReal)
{
    public static AnomalyResponse From(WatchedAnomaly a) =>
        new(a.Id, a.Kind, a.Episode.Started, a.Episode.Detected, a.Episode.Ended, a.Episode.Peak, a.Episode.Threshold, a.Episode.Signals, a.IsReal);
}

/// <summary>A report in words.</summary>
internal static class ReportText
{
    public static string Of(AnomalyReport report) => $"{report.Kind}: {string.Join("; ", report.Evidence)}";
}
