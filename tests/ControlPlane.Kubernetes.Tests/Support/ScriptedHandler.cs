using System.Net;
using System.Text;
using System.Text.Json;
using ControlPlane.Kubernetes.Api;

namespace ControlPlane.Kubernetes.Tests.Support;

/// <summary>One request as the server sees it.</summary>
internal sealed record Received(string Method, string Path, string Query, string Body, string UserAgent, string? Authorization, string? ContentType)
{
    public string PathAndQuery => Path + Query;

    public T Read<T>() => JsonSerializer.Deserialize<T>(Body, KubernetesJson.Options)!;
}

/// <summary>Answers requests in memory, synchronously unless the script waits for the clock.</summary>
internal sealed class ScriptedHandler(Func<Received, CancellationToken, Task<HttpResponseMessage>> script) : HttpMessageHandler
{
    public static readonly Uri Server = new("http://kube.test:6443/");

    public ScriptedHandler(Func<Received, HttpResponseMessage> script)
        : this((request, _) => Task.FromResult(script(request)))
    {
    }

    public List<Received> Requests { get; } = [];

    /// <summary>Threads that sent requests; in virtual time it is one.</summary>
    public HashSet<int> Threads { get; } = [];

    public static HttpResponseMessage Json<T>(T body, HttpStatusCode code = HttpStatusCode.OK) => Text(JsonSerializer.Serialize(body, KubernetesJson.Options), code);

    public static HttpResponseMessage Text(string body, HttpStatusCode code = HttpStatusCode.OK) =>
        new(code) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    public static HttpResponseMessage Fault(int code, string reason = "", string message = "", TimeSpan? retryAfter = null)
    {
        var response = Json(new Status { Outcome = "Failure", Code = code, Reason = reason, Message = message }, (HttpStatusCode)code);
        if (retryAfter is { } wait) response.Headers.RetryAfter = new System.Net.Http.Headers.RetryConditionHeaderValue(wait);
        return response;
    }

    /// <summary>An answer that never comes; it ends when the caller gives up.</summary>
    public static async Task<HttpResponseMessage> Never(CancellationToken cancellationToken)
    {
        await new TaskCompletionSource().Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        throw new InvalidOperationException();
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        lock (Threads) Threads.Add(Environment.CurrentManagedThreadId);
        var body = "";
        if (request.Content is { } content)
        {
            using var reader = new StreamReader(content.ReadAsStream(cancellationToken));
            body = reader.ReadToEnd();
        }

        var received = new Received(
            request.Method.Method,
            request.RequestUri!.AbsolutePath,
            request.RequestUri.Query,
            body,
            string.Join(' ', request.Headers.NonValidated["User-Agent"]),
            request.Headers.Authorization?.ToString(),
            request.Content?.Headers.ContentType?.MediaType);
        Requests.Add(received);
        return script(received, cancellationToken);
    }
}
