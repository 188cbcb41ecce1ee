using System.Globalization;
using ControlPlane.Silo.Health;

namespace ControlPlane.Silo.Api;

/// <summary>Health for the kubelet.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz", () => Results.Text("ok"));
        app.MapGet("/readyz", Readiness);
    }

    /// <summary>
    /// Without its store the silo is degraded, yet ready: it decides and answers from memory, and the store is the same for every silo, so that
    /// taking them all out of service would only take the API away as well.
    /// </summary>
    private static IResult Readiness(FleetKeeper keeper, StoreHealth store, IHostApplicationLifetime life)
    {
        if (life.ApplicationStopping.IsCancellationRequested) return NotReady("stopping");
        if (store.Fault is { } fault)
        {
            var text = $"degraded: the store of the state does not answer since {fault.Since.ToString("u", CultureInfo.InvariantCulture)}: {fault.Message}";
            return keeper.HasCompletedRound ? Results.Text(text) : NotReady(text);
        }
        return keeper.HasCompletedRound ? Results.Text("ready") : NotReady("starting: not every registered service has been woken yet");
    }

    private static IResult NotReady(string text) => Results.Text(text, statusCode: StatusCodes.Status503ServiceUnavailable);
}
