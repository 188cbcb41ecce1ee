namespace ControlPlane.Simulation.Api;

/// <summary>An answer of the simulated Kubernetes API.</summary>
public sealed record SimResponse
{
    /// <summary>The HTTP status.</summary>
    public int StatusCode { get; init; } = 200;

    /// <summary>The body's media type.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>The body; empty for a watch.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The events of a watch, one JSON document a line; null for a plain answer.</summary>
    public WatchStream? Watch { get; init; }

    /// <summary>Whether the request took effect and its answer is lost on the way: the transport must break off.</summary>
    public bool IsLost { get; init; }

    /// <summary>Seconds after which to try again; null when there is no advice.</summary>
    public int? RetryAfterSeconds { get; init; }
}
