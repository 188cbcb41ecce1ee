using System.Net.Http.Headers;
using System.Text.Json;
using ControlPlane.Kubernetes.Api;

namespace ControlPlane.Kubernetes;

/// <summary>
/// Speaks the Kubernetes API as plain HTTP and JSON. Every failure is a <see cref="KubernetesException"/>; only the caller's own
/// cancellation is an <see cref="OperationCanceledException"/>. Nothing here starts a thread or reads a clock of its own: with a handler
/// that answers synchronously or awaits virtual time, a run is deterministic.
/// </summary>
public sealed partial class KubernetesClient : IDisposable
{
    private readonly HttpMessageInvoker _http;
    private readonly IBearerTokenSource? _tokens;
    private readonly KubernetesClientOptions _options;
    private readonly TimeProvider _time;

    /// <summary>Makes a client on a handler, which it disposes with itself.</summary>
    /// <param name="handler">Carries the requests: a socket handler, or one in memory.</param>
    /// <param name="server">The API server's address.</param>
    /// <param name="time">Measures the time-outs.</param>
    /// <param name="tokens">Bearer tokens; null when the server needs none or knows a certificate.</param>
    /// <param name="options">Bounds; null: the defaults.</param>
    public KubernetesClient(
        HttpMessageHandler handler, Uri server, TimeProvider time, IBearerTokenSource? tokens = null, KubernetesClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(time);
        _http = new HttpMessageInvoker(handler, disposeHandler: true);
        (Server, _time, _tokens, _options) = (server, time, tokens, options ?? new KubernetesClientOptions());
    }

    /// <summary>The API server's address.</summary>
    public Uri Server { get; }

    /// <summary>Makes a client for a cluster as configured.</summary>
    public static KubernetesClient Create(ClusterConfiguration configuration, TimeProvider time, KubernetesClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return new KubernetesClient(configuration.CreateHandler(), configuration.Server, time, configuration.Tokens, options);
    }

    /// <summary>Reads one object or subresource.</summary>
    public Task<T> GetAsync<T>(KubernetesResource resource, CancellationToken cancellationToken) =>
        SendAsync<T>(new ApiCall("get", HttpMethod.Get, resource), cancellationToken);

    /// <summary>Creates an object in a collection, or posts to a subresource such as <c>eviction</c>.</summary>
    public Task<T> CreateAsync<T>(KubernetesResource resource, T body, WriteOptions? options, CancellationToken cancellationToken) =>
        CreateAsync<T, T>(resource, body, options, cancellationToken);

    /// <summary>Creates an object where the answer is of another type than the body.</summary>
    public Task<TAnswer> CreateAsync<TBody, TAnswer>(KubernetesResource resource, TBody body, WriteOptions? options, CancellationToken cancellationToken) =>
        SendAsync<TAnswer>(new ApiCall("create", HttpMethod.Post, resource) { Body = Serialize(body), Options = options }, cancellationToken);

    /// <summary>Replaces an object; its <c>metadata.resourceVersion</c> is the precondition.</summary>
    public Task<T> UpdateAsync<T>(KubernetesResource resource, T body, WriteOptions? options, CancellationToken cancellationToken) =>
        SendAsync<T>(new ApiCall("update", HttpMethod.Put, resource) { Body = Serialize(body), Options = options }, cancellationToken);

    /// <summary>Changes parts of an object.</summary>
    /// <param name="resource">The object.</param>
    /// <param name="type">How the body is to be read.</param>
    /// <param name="body">The patch; written as JSON.</param>
    /// <param name="options">Who makes the write.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<T> PatchAsync<T>(KubernetesResource resource, PatchType type, object body, WriteOptions? options, CancellationToken cancellationToken)
    {
        var mediaType = type switch
        {
            PatchType.Merge => "application/merge-patch+json",
            PatchType.Strategic => "application/strategic-merge-patch+json",
            _ => "application/json-patch+json",
        };
        return SendAsync<T>(new ApiCall("patch", HttpMethod.Patch, resource) { Body = Serialize(body), MediaType = mediaType, Options = options }, cancellationToken);
    }

    /// <summary>Deletes an object. An object that is not there is a failure (<see cref="KubernetesFailure.NotFound"/>).</summary>
    public Task DeleteAsync(KubernetesResource resource, DeleteOptions? options, CancellationToken cancellationToken) =>
        SendAsync<JsonElement>(new ApiCall("delete", HttpMethod.Delete, resource) { Body = options is null ? null : Serialize(options) }, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static byte[] Serialize<T>(T body) => JsonSerializer.SerializeToUtf8Bytes(body, KubernetesJson.Options);

    private async Task<T> SendAsync<T>(ApiCall call, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.RequestTimeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var response = await SendAuthorizedAsync(call, linked.Token).ConfigureAwait(false);
            var body = await ReadBodyAsync(call, response, linked.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode) throw ApiFailure.FromAnswer(Server, call, response, body, _time.GetUtcNow());
            return Deserialize<T>(call, body);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw ApiFailure.TimedOut(Server, call, _options.RequestTimeout, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw ApiFailure.FromTransport(Server, call, e);
        }
    }

    private T Deserialize<T>(ApiCall call, byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(body, KubernetesJson.Options) ?? throw ApiFailure.BadAnswer(Server, call, "it is empty", null);
        }
        catch (JsonException e)
        {
            throw ApiFailure.BadAnswer(Server, call, e.Message, e);
        }
    }

    /// <summary>Sends with a token; a 401 with a token that can be renewed is tried once more, for the server did nothing.</summary>
    private async Task<HttpResponseMessage> SendAuthorizedAsync(ApiCall call, CancellationToken cancellationToken)
    {
        var response = await SendOnceAsync(call, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != System.Net.HttpStatusCode.Unauthorized || _tokens is null || !_tokens.Invalidate()) return response;
        response.Dispose();
        return await SendOnceAsync(call, cancellationToken).ConfigureAwait(false);
    }

    private async Task<HttpResponseMessage> SendOnceAsync(ApiCall call, CancellationToken cancellationToken)
    {
        using var request = call.ToRequest(Server, _options.UserAgent);
        if (_tokens is not null)
        {
            var token = await _tokens.GetTokenAsync(cancellationToken).ConfigureAwait(false);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private async Task<byte[]> ReadBodyAsync(ApiCall call, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength is { } length && length > _options.MaxAnswerBytes) throw TooLong(call);
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            using var buffer = new MemoryStream();
            var chunk = new byte[16 << 10];
            for (int read; (read = await stream.ReadAsync(chunk, cancellationToken).ConfigureAwait(false)) > 0;)
            {
                if (buffer.Length + read > _options.MaxAnswerBytes) throw TooLong(call);
                buffer.Write(chunk, 0, read);
            }

            return buffer.ToArray();
        }
    }

    private KubernetesException TooLong(ApiCall call) => ApiFailure.BadAnswer(Server, call, $"it is longer than {_options.MaxAnswerBytes} bytes", null);
}
