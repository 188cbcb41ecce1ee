using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Text.Json;
using ControlPlane.Kubernetes.Api;

namespace ControlPlane.Kubernetes;

/// <summary>Turns what went wrong into one clear exception.</summary>
internal static class ApiFailure
{
    private const int MaxMessageLength = 500;

    public static KubernetesException TimedOut(Uri server, ApiCall call, TimeSpan timeout, Exception inner) =>
        Make(KubernetesFailure.TimedOut, call, $"{server.Authority}: no answer within {timeout.TotalSeconds:0.###} s to {Doing(call)}", inner);

    public static KubernetesException BadAnswer(Uri server, ApiCall call, string why, Exception? inner) =>
        Make(KubernetesFailure.BadAnswer, call, $"{server.Authority}: the answer to {Doing(call)} cannot be read: {why}", inner);

    public static KubernetesException FromTransport(Uri server, ApiCall call, Exception e)
    {
        if (IsTls(e))
            return Make(
                KubernetesFailure.Tls, call, $"{server.Authority}: no secure connection for {Doing(call)}: {Innermost(e)} Check certificate-authority, tls-server-name and the clock.", e);
        return e is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.ProxyTunnelError }
            ? Make(KubernetesFailure.Unreachable, call, $"{server.Authority}: cannot connect for {Doing(call)}: {Innermost(e)}", e)
            : Make(KubernetesFailure.ConnectionBroken, call, $"{server.Authority}: the connection broke during {Doing(call)}: {Innermost(e)}", e);
    }

    public static KubernetesException FromAnswer(Uri server, ApiCall call, HttpResponseMessage response, byte[] body, DateTimeOffset now)
    {
        var status = ReadStatus(body);
        var retryAfter = RetryAfter(response.Headers.RetryAfter, now) ?? (status?.Details?.RetryAfterSeconds is > 0 and var s ? TimeSpan.FromSeconds(s) : null);
        return FromStatus(server, call, response.StatusCode, status, retryAfter);
    }

    public static KubernetesException FromStatus(Uri server, ApiCall call, HttpStatusCode code, Status? status, TimeSpan? retryAfter)
    {
        var failure = Classify(code);
        var message = $"{server.Authority}: {Sentence(failure, code, call, status)}";
        return new KubernetesException(failure, message)
        {
            StatusCode = code,
            Reason = status?.Reason,
            Verb = call.Verb,
            Path = call.Resource.Path,
            RetryAfter = retryAfter,
        };
    }

    private static KubernetesFailure Classify(HttpStatusCode code) => (int)code switch
    {
        401 => KubernetesFailure.Unauthorized,
        403 => KubernetesFailure.Forbidden,
        404 => KubernetesFailure.NotFound,
        409 => KubernetesFailure.Conflict,
        410 => KubernetesFailure.Expired,
        429 => KubernetesFailure.TooManyRequests,
        >= 500 => KubernetesFailure.ServerError,
        _ => KubernetesFailure.Rejected,
    };

    private static string Sentence(KubernetesFailure failure, HttpStatusCode code, ApiCall call, Status? status)
    {
        var r = call.Resource;
        var group = r.Group.Length == 0 ? "\"\"" : r.Group;
        return failure switch
        {
            KubernetesFailure.Forbidden =>
                $"forbidden: cannot {call.Verb} {r.Description} as {User(status) ?? "the configured user"}: grant the verb {call.Verb} on {r.Kind} in API group {group}",
            KubernetesFailure.Unauthorized =>
                $"unauthorized: the server does not accept the credentials to {call.Verb} {r.Description}: renew the token or certificate{Says(status)}",
            KubernetesFailure.NotFound => $"not found: cannot {call.Verb} {r.Description}{Says(status)}",
            KubernetesFailure.Conflict => $"conflict: cannot {call.Verb} {r.Description}{Says(status)}",
            KubernetesFailure.TooManyRequests => $"too many requests: cannot {call.Verb} {r.Description} now{Says(status)}",
            _ => $"cannot {call.Verb} {r.Description}: status {(int)code}{Says(status)}",
        };
    }

    private static string Says(Status? status) => string.IsNullOrEmpty(status?.Message) ? "" : $": {Shorten(status.Message)}";

    /// <summary>The API server writes <c>User "name" cannot update resource …</c>.</summary>
    private static string? User(Status? status)
    {
        const string Mark = "User \"";
        var start = status?.Message?.IndexOf(Mark, StringComparison.Ordinal) ?? -1;
        if (start < 0) return null;
        start += Mark.Length;
        var end = status!.Message!.IndexOf('"', start);
        return end > start ? status.Message[start..end] : null;
    }

    private static Status? ReadStatus(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<Status>(body, KubernetesJson.Options) is { Kind: "Status" } status ? status : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static TimeSpan? RetryAfter(RetryConditionHeaderValue? header, DateTimeOffset now) => header switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > now => date - now,
        _ => null,
    };

    private static bool IsTls(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
            if (e is AuthenticationException or HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }) return true;
        return false;
    }

    private static string Innermost(Exception e)
    {
        while (e.InnerException is not null) e = e.InnerException;
        return Shorten(e.Message);
    }

    private static string Shorten(string text) => text.Length <= MaxMessageLength ? text : text[..MaxMessageLength] + "…";

    private static string Doing(ApiCall call) => $"{call.Verb} {call.Resource.Description}";

    private static KubernetesException Make(KubernetesFailure failure, ApiCall call, string message, Exception? inner) =>
        new(failure, message, inner) { Verb = call.Verb, Path = call.Resource.Path };
}
