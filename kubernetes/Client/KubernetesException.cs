using System.Net;

namespace ControlPlane.Kubernetes;

/// <summary>A call to the API server failed. The message names server, verb and resource and says what to do where that is known.</summary>
public sealed class KubernetesException : Exception
{
    /// <summary>Makes a failure.</summary>
    public KubernetesException(KubernetesFailure failure, string message, Exception? inner = null)
        : base(message, inner) => Failure = failure;

    /// <summary>What kind of failure it is.</summary>
    public KubernetesFailure Failure { get; }

    /// <summary>The HTTP status; null when there was no answer.</summary>
    public HttpStatusCode? StatusCode { get; init; }

    /// <summary>The server's reason, a word such as <c>AlreadyExists</c>; null when it gave none.</summary>
    public string? Reason { get; init; }

    /// <summary>The API verb: get, list, watch, create, update, patch or delete.</summary>
    public string? Verb { get; init; }

    /// <summary>The path of the request without its query.</summary>
    public string? Path { get; init; }

    /// <summary>How long the server asked to wait; null when it did not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the call may have been carried out although it failed.</summary>
    public bool IsOutcomeUnknown =>
        Failure is KubernetesFailure.TimedOut or KubernetesFailure.ConnectionBroken or KubernetesFailure.BadAnswer or KubernetesFailure.ServerError;

    /// <summary>Whether the same call may succeed a little later.</summary>
    public bool IsTransient => IsOutcomeUnknown || Failure is KubernetesFailure.Unreachable or KubernetesFailure.TooManyRequests;
}
