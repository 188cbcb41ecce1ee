using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ControlPlane.Kubernetes.Api;

namespace ControlPlane.Kubernetes;

public sealed partial class KubernetesClient
{
    private static readonly TimeSpan WatchGrace = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Follows a collection over one connection, with bookmarks, until the server ends it (a normal end) or it fails. The caller goes on
    /// from the resource version of the last event; <see cref="KubernetesFailure.Expired"/> asks for a new list.
    /// </summary>
    /// <param name="resource">The collection.</param>
    /// <param name="options">Which objects.</param>
    /// <param name="resourceVersion">Version after which the events are wanted.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    public IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        KubernetesResource resource, ListOptions? options, string resourceVersion, CancellationToken cancellationToken) =>
        WatchAsync<T>(resource, options, resourceVersion, null, cancellationToken);

    /// <summary>As above, and tells when the server has accepted the watch.</summary>
    internal async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        KubernetesResource resource, ListOptions? options, string resourceVersion, Action? opened, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var call = WatchCall(resource, options ?? new ListOptions(), resourceVersion);
        using var timeout = new CancellationTokenSource(_options.WatchTimeout + WatchGrace, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        using var response = await GuardAsync(call, () => OpenWatchAsync(call, linked.Token), cancellationToken).ConfigureAwait(false);
        opened?.Invoke();
        var stream = await response.Content.ReadAsStreamAsync(linked.Token).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var lines = new LineReader(stream, _options.MaxAnswerBytes);
            while (await GuardAsync(call, () => lines.ReadAsync(linked.Token), cancellationToken).ConfigureAwait(false) is { } line)
                yield return ReadEvent<T>(call, line);
        }
    }

    private ApiCall WatchCall(KubernetesResource resource, ListOptions options, string resourceVersion) =>
        new("watch", HttpMethod.Get, resource)
        {
            Query =
            [
                .. options.Query(),
                ("watch", "true"),
                ("allowWatchBookmarks", "true"),
                ("resourceVersion", resourceVersion),
                ("timeoutSeconds", ((int)_options.WatchTimeout.TotalSeconds).ToString(CultureInfo.InvariantCulture)),
            ],
        };

    private async Task<HttpResponseMessage> OpenWatchAsync(ApiCall call, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.RequestTimeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var response = await SendAuthorizedAsync(call, linked.Token).ConfigureAwait(false);
        if (response.IsSuccessStatusCode) return response;
        using (response)
        {
            var body = await ReadBodyAsync(call, response, linked.Token).ConfigureAwait(false);
            throw ApiFailure.FromAnswer(Server, call, response, body, _time.GetUtcNow());
        }
    }

    private async Task<T> GuardAsync<T>(ApiCall call, Func<Task<T>> action, CancellationToken own)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!own.IsCancellationRequested)
        {
            throw ApiFailure.TimedOut(Server, call, _options.WatchTimeout, e);
        }
        catch (InvalidDataException e)
        {
            throw ApiFailure.BadAnswer(Server, call, e.Message, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw ApiFailure.FromTransport(Server, call, e);
        }
    }

    private WatchEvent<T> ReadEvent<T>(ApiCall call, ReadOnlyMemory<byte> line)
    {
        try
        {
            var raw = JsonSerializer.Deserialize<WatchEvent<JsonElement>>(line.Span, KubernetesJson.Options)
                ?? throw ApiFailure.BadAnswer(Server, call, "a line is null", null);
            if (raw.Type == WatchEventTypes.Error) throw WatchError(call, raw.Object);
            return new WatchEvent<T>(raw.Type, raw.Object.Deserialize<T>(KubernetesJson.Options)!);
        }
        catch (JsonException e)
        {
            throw ApiFailure.BadAnswer(Server, call, e.Message, e);
        }
    }

    private KubernetesException WatchError(ApiCall call, JsonElement element)
    {
        var status = element.Deserialize<Status>(KubernetesJson.Options);
        var code = status?.Code is >= 400 and < 600 and var c ? c : status?.Reason is "Expired" or "Gone" ? 410 : 500;
        return ApiFailure.FromStatus(Server, call, (HttpStatusCode)code, status, null);
    }
}
