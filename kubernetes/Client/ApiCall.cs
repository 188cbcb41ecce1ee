using System.Net.Http.Headers;
using System.Text;

namespace ControlPlane.Kubernetes;

/// <summary>One request before it is sent; it can be sent more than once.</summary>
internal sealed record ApiCall(string Verb, HttpMethod Method, KubernetesResource Resource)
{
    public IReadOnlyList<(string Key, string Value)> Query { get; init; } = [];

    public byte[]? Body { get; init; }

    public string MediaType { get; init; } = "application/json";

    public WriteOptions? Options { get; init; }

    public HttpRequestMessage ToRequest(Uri server, string userAgent)
    {
        var request = new HttpRequestMessage(Method, Address(server)) { Version = new Version(2, 0), VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.TryAddWithoutValidation("User-Agent", Options?.UserAgent ?? userAgent);
        if (Body is null) return request;
        request.Content = new ByteArrayContent(Body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaType);
        return request;
    }

    private Uri Address(Uri server)
    {
        var text = new StringBuilder(server.AbsoluteUri.TrimEnd('/')).Append(Resource.Path);
        var separator = '?';
        foreach (var (key, value) in Query) Append(key, value);
        if (Options?.FieldManager is { } manager) Append("fieldManager", manager);
        return new Uri(text.ToString());

        void Append(string key, string value)
        {
            text.Append(separator).Append(key).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }
    }
}
