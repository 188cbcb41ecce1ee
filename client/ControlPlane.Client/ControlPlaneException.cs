using System.Net;

namespace ControlPlane.Client;

/// <summary>The control plane refused a call or could not be reached.</summary>
public sealed class ControlPlaneException : Exception
{
    /// <summary>Makes the exception.</summary>
    public ControlPlaneException(string message, HttpStatusCode? statusCode = null, Exception? inner = null) : base(message, inner) => StatusCode = statusCode;

    /// <summary>Status of the answer; null when there was none.</summary>
    public HttpStatusCode? StatusCode { get; }
}
