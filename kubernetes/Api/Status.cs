namespace ControlPlane.Kubernetes.Api;

/// <summary>The API server's answer when something failed, or when there is no object to answer with.</summary>
public sealed record Status
{
    /// <summary>Always <c>Status</c>.</summary>
    public string? Kind { get; init; } = "Status";

    /// <summary>Always <c>v1</c>.</summary>
    public string? ApiVersion { get; init; } = "v1";

    /// <summary>Metadata of a list; empty.</summary>
    public ListMeta? Metadata { get; init; } = new();

    /// <summary><c>Success</c> or <c>Failure</c>; null when the answer did not say. The JSON member is <c>status</c>.</summary>
    [System.Text.Json.Serialization.JsonPropertyName("status")] public string? Outcome { get; init; }

    /// <summary>A sentence for people.</summary>
    public string? Message { get; init; }

    /// <summary>A word for programs, for example <c>Conflict</c>, <c>NotFound</c>, <c>Expired</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>What it is about.</summary>
    public StatusDetails? Details { get; init; }

    /// <summary>The HTTP status code.</summary>
    public int Code { get; init; }
}

/// <summary>What a <see cref="Status"/> is about.</summary>
public sealed record StatusDetails(
    string? Name = null, string? Group = null, string? Kind = null, string? Uid = null, IReadOnlyList<StatusCause>? Causes = null, int? RetryAfterSeconds = null);

/// <summary>One cause of a failure, often a field of the object.</summary>
public sealed record StatusCause(string? Reason = null, string? Message = null, string? Field = null);
