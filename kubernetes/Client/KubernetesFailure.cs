namespace ControlPlane.Kubernetes;

/// <summary>What kind of failure a call to the API server ended in.</summary>
public enum KubernetesFailure
{
    /// <summary>The configuration does not allow the call to be made.</summary>
    Configuration,

    /// <summary>No connection could be made; nothing was sent.</summary>
    Unreachable,

    /// <summary>The connection could not be secured; nothing was sent.</summary>
    Tls,

    /// <summary>No answer came in time; the call may have been carried out.</summary>
    TimedOut,

    /// <summary>The connection broke; the call may have been carried out.</summary>
    ConnectionBroken,

    /// <summary>The answer could not be read; the call may have been carried out.</summary>
    BadAnswer,

    /// <summary>401: who calls is unknown.</summary>
    Unauthorized,

    /// <summary>403: the caller may not do it.</summary>
    Forbidden,

    /// <summary>404: there is no such object, or no such API.</summary>
    NotFound,

    /// <summary>409: the object changed meanwhile or is there already.</summary>
    Conflict,

    /// <summary>410: the resource version or the page token is too old.</summary>
    Expired,

    /// <summary>429: refused for now, nothing was done.</summary>
    TooManyRequests,

    /// <summary>Any other 4xx: the request is wrong.</summary>
    Rejected,

    /// <summary>5xx: the call may have been carried out.</summary>
    ServerError,
}
