using System.Text;
using ControlPlane.Simulation.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Simulation.Hosting;

/// <summary>Serves a simulated API over HTTP.</summary>
public static class SimulatedClusterEndpoints
{
    private const int MaxBodyBytes = 4 << 20;

    /// <summary>Answers every path below a prefix from a simulated cluster.</summary>
    /// <param name="app">The application.</param>
    /// <param name="api">The API.</param>
    /// <param name="prefix">The prefix without a slash at its end; empty for the root.</param>
    /// <param name="clock">Measures the time-outs of watches; null is the system's clock, since the clients' are real.</param>
    public static IEndpointConventionBuilder MapSimulatedCluster(this IEndpointRouteBuilder app, SimulatedApi api, string prefix = "", TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(api);
        return app.Map($"{prefix}/{{**path}}", context => AnswerAsync(context, api, prefix, clock ?? TimeProvider.System));
    }

    private static async Task AnswerAsync(HttpContext context, SimulatedApi api, string prefix, TimeProvider clock)
    {
        var request = await ReadAsync(context.Request, prefix, context.RequestAborted).ConfigureAwait(false);
        if (request is null)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }

        var response = await api.HandleAsync(request, context.RequestAborted).ConfigureAwait(false);
        if (response.IsLost)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = response.StatusCode;
        context.Response.ContentType = response.ContentType;
        if (response.RetryAfterSeconds is { } seconds) context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (response.Watch is { } watch) await StreamAsync(context, watch, clock).ConfigureAwait(false);
        else await context.Response.Body.WriteAsync(response.Body, context.RequestAborted).ConfigureAwait(false);
    }

    private static async Task StreamAsync(HttpContext context, WatchStream watch, TimeProvider clock)
    {
        try
        {
            await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            while (await watch.ReadAsync(clock, runsInline: false, context.RequestAborted).ConfigureAwait(false) is { } line)
            {
                await context.Response.Body.WriteAsync(line, context.RequestAborted).ConfigureAwait(false);
                await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away: that is how watches end.
        }
    }

    private static async Task<SimRequest?> ReadAsync(HttpRequest request, string prefix, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int count; (count = await request.Body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
        {
            body.Write(buffer, 0, count);
            if (body.Length > MaxBodyBytes) return null;
        }

        var contentType = request.ContentType ?? "";
        var end = contentType.IndexOf(';', StringComparison.Ordinal);
        return new SimRequest
        {
            Method = request.Method.ToUpperInvariant(),
            Path = (request.Path.Value ?? "/")[prefix.Length..],
            Query = SimulatedApiHandler.ParseQuery(request.QueryString.Value ?? ""),
            Body = body.ToArray(),
            ContentType = (end < 0 ? contentType : contentType[..end]).Trim(),
            Accept = new StringBuilder().AppendJoin(',', request.Headers.Accept.ToArray()).ToString(),
            UserAgent = request.Headers.UserAgent.ToString(),
        };
    }
}
