namespace ControlPlane.Silo.Api;

/// <summary>Health for the kubelet.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz", () => Results.Text("ok"));
        app.MapGet("/readyz", (FleetKeeper keeper) => keeper.HasCompletedRound
            ? Results.Text("ready")
            : Results.Text("starting: not every registered service has been woken yet", statusCode: StatusCodes.Status503ServiceUnavailable));
    }
}
