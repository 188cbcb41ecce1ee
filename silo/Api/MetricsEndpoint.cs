using ControlPlane.Silo.Telemetry;

namespace ControlPlane.Silo.Api;

/// <summary>The silo's own metrics for Prometheus.</summary>
internal static class MetricsEndpoint
{
    public static void MapMetrics(this IEndpointRouteBuilder app) =>
        app.MapGet("/metrics", (ControlPlaneMetrics metrics) => Results.Text(PrometheusText.Of(metrics.Meter), PrometheusText.ContentType));
}
