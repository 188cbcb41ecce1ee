using System.Collections.Immutable;
using System.Net;

namespace ControlPlane.Simulation.Api;

/// <summary>
/// Reaches a simulated API in memory. A request completes synchronously, so that virtual time stays deterministic; a watch's stream
/// continues inside the change that feeds it.
/// </summary>
public sealed class SimulatedApiHandler : HttpMessageHandler
{
    private readonly SimulatedApi _api;
    private readonly TimeProvider? _clock;

    /// <summary>Makes a handler.</summary>
    /// <param name="api">The API.</param>
    /// <param name="clock">Measures the time-outs of watches; null leaves them out.</param>
    public SimulatedApiHandler(SimulatedApi api, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(api);
        (_api, _clock) = (api, clock);
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var uri = request.RequestUri ?? throw new InvalidOperationException("The request has no address.");
        var body = ReadBody(request, cancellationToken);
        var response = await _api.HandleAsync(
            new SimRequest
            {
                Method = request.Method.Method,
                Path = Uri.UnescapeDataString(uri.AbsolutePath),
                Query = ParseQuery(uri.Query),
                Body = body,
                ContentType = request.Content?.Headers.ContentType?.MediaType ?? "",
                Accept = request.Headers.Accept.ToString(),
                UserAgent = request.Headers.UserAgent.ToString(),
            },
            cancellationToken).ConfigureAwait(false);
        if (response.IsLost) throw new HttpRequestException(HttpRequestError.ResponseEnded, "The answer was lost on the way (simulated).");
        HttpContent content = response.Watch is { } watch ? new StreamContent(new WatchContent(watch, _clock)) : new ReadOnlyMemoryContent(response.Body);
        content.Headers.TryAddWithoutValidation("Content-Type", response.ContentType);
        var message = new HttpResponseMessage((HttpStatusCode)response.StatusCode) { Content = content, RequestMessage = request };
        if (response.RetryAfterSeconds is { } seconds) message.Headers.TryAddWithoutValidation("Retry-After", seconds.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return message;
    }

    /// <summary>Decoded parameters of a query string; of a repeated one the last counts.</summary>
    internal static ImmutableDictionary<string, string> ParseQuery(string query)
    {
        var parameters = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var part in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var sign = part.IndexOf('=', StringComparison.Ordinal);
            var name = sign < 0 ? part : part[..sign];
            parameters[Decode(name)] = sign < 0 ? "" : Decode(part[(sign + 1)..]);
        }

        return parameters.ToImmutable();
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static byte[] ReadBody(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is null) return [];
        using var target = new MemoryStream();
        request.Content.CopyTo(target, null, cancellationToken);
        return target.ToArray();
    }
}
