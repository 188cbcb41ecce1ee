using System.Collections.Immutable;

namespace ControlPlane.Simulation.Api;

/// <summary>A request to the simulated Kubernetes API, whatever transport brought it.</summary>
public sealed record SimRequest
{
    /// <summary>The HTTP method in upper case.</summary>
    public required string Method { get; init; }

    /// <summary>The decoded path without its query, for example <c>/api/v1/pods</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Decoded query parameters.</summary>
    public ImmutableDictionary<string, string> Query { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The body; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The body's media type without parameters; empty when there is none.</summary>
    public string ContentType { get; init; } = "";

    /// <summary>The Accept header; empty when there is none.</summary>
    public string Accept { get; init; } = "";

    /// <summary>The User-Agent header; empty when there is none.</summary>
    public string UserAgent { get; init; } = "";

    /// <summary>A query parameter; null when it is absent or empty.</summary>
    internal string? Parameter(string name) => Query.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    internal bool Flag(string name) => Parameter(name) is "true" or "1";

    internal bool IsRead => Method is "GET" or "HEAD" or "OPTIONS";
}
