using System.Globalization;
using ControlPlane.Kubernetes.Api;
using ControlPlane.Kubernetes.Tests.Support;

namespace ControlPlane.Kubernetes.Tests.Actuation;

/// <summary>What happens to one request of the actuator.</summary>
internal enum Trouble
{
    None,
    LostBefore,
    LostAfter,
    LandsLate,
    BrokenBefore,
    BrokenAfter,
    Refused,
    ServerErrorBefore,
    ServerErrorAfter,
    TruncatedAfter,
    TooMany,
    TooManyLong,
    Unavailable,
    Forbidden,
    NotFound,
    Invalid,
    StatusChange,
    SomebodyElse,
    SomebodySetsDesired,
}

/// <summary>One scale with optimistic locking, whose requests meet trouble as told.</summary>
internal sealed class FakeScaleApi(int replicas, Func<Received, Trouble> trouble)
{
    private readonly List<Scale> _late = [];
    private int _version = 100;

    public int Replicas { get; private set; } = replicas;

    public string Version => _version.ToString(CultureInfo.InvariantCulture);

    /// <summary>Our writes that landed.</summary>
    public int Landed { get; private set; }

    public List<string> PutVersions { get; } = [];

    public List<Event> Events { get; } = [];

    public List<HorizontalPodAutoscaler> Autoscalers { get; } = [];

    public int SomebodySets { get; set; } = 9;

    public int Desired { get; set; } = 7;

    /// <summary>Whether slow requests arrive now; null: with the next request.</summary>
    public Func<bool>? LandsNow { get; set; }

    public Task<HttpResponseMessage> Answer(Received request, CancellationToken cancellationToken)
    {
        if (LandsNow?.Invoke() != false) LandLate();
        if (request.Method == "PUT") PutVersions.Add(request.Read<Scale>().Metadata.ResourceVersion!);
        switch (trouble(request))
        {
            case Trouble.LostBefore:
                return ScriptedHandler.Never(cancellationToken);
            case Trouble.LostAfter:
                Handle(request);
                return ScriptedHandler.Never(cancellationToken);
            case Trouble.LandsLate:
                if (request.Method == "PUT") _late.Add(request.Read<Scale>());
                return ScriptedHandler.Never(cancellationToken);
            case Trouble.BrokenBefore:
                throw new HttpRequestException("connection reset");
            case Trouble.BrokenAfter:
                Handle(request);
                throw new HttpRequestException("connection reset");
            case Trouble.Refused:
                throw new HttpRequestException(HttpRequestError.ConnectionError, "connection refused");
            case Trouble.ServerErrorBefore:
                return Done(ScriptedHandler.Fault(500, "InternalError", "etcd"));
            case Trouble.ServerErrorAfter:
                Handle(request);
                return Done(ScriptedHandler.Fault(504, "Timeout", "gateway"));
            case Trouble.TruncatedAfter:
                Handle(request);
                return Done(ScriptedHandler.Text("{\"kind\":\"Sc"));
            case Trouble.TooMany:
                return Done(ScriptedHandler.Fault(429, "TooManyRequests", "slow down", TimeSpan.FromSeconds(2)));
            case Trouble.TooManyLong:
                return Done(ScriptedHandler.Fault(429, "TooManyRequests", "slow down", TimeSpan.FromSeconds(60)));
            case Trouble.Unavailable:
                return Done(ScriptedHandler.Fault(503, "ServiceUnavailable", "starting", TimeSpan.FromSeconds(1)));
            case Trouble.Forbidden:
                return Done(ScriptedHandler.Fault(403, "Forbidden", "User \"sa\" cannot"));
            case Trouble.NotFound:
                return Done(ScriptedHandler.Fault(404, "NotFound", "gone"));
            case Trouble.Invalid:
                return Done(ScriptedHandler.Fault(422, "Invalid", "spec.replicas"));
            case Trouble.StatusChange:
                _version++;
                break;
            case Trouble.SomebodyElse:
                SetByOthers(SomebodySets);
                break;
            case Trouble.SomebodySetsDesired:
                SetByOthers(Desired);
                break;
        }

        return Done(Handle(request));
    }

    public void SetByOthers(int replicas)
    {
        Replicas = replicas;
        _version++;
    }

    /// <summary>Requests that were slow on their way arrive.</summary>
    public void LandLate()
    {
        foreach (var scale in _late) Write(scale);
        _late.Clear();
    }

    private static Task<HttpResponseMessage> Done(HttpResponseMessage response) => Task.FromResult(response);

    private HttpResponseMessage Handle(Received request)
    {
        if (request.Path.EndsWith("/horizontalpodautoscalers", StringComparison.Ordinal))
            return ScriptedHandler.Json(new KubernetesList<HorizontalPodAutoscaler> { Items = [.. Autoscalers] });
        if (request.Path.EndsWith("/events", StringComparison.Ordinal))
        {
            Events.Add(request.Read<Event>());
            return ScriptedHandler.Json(Events[^1], System.Net.HttpStatusCode.Created);
        }

        return request.Method == "GET" ? ScriptedHandler.Json(Current()) : Write(request.Read<Scale>());
    }

    private HttpResponseMessage Write(Scale scale)
    {
        if (scale.Metadata.ResourceVersion != Version) return ScriptedHandler.Fault(409, "Conflict", "the object has been modified");
        Replicas = scale.Spec!.Replicas;
        _version++;
        Landed++;
        return ScriptedHandler.Json(Current());
    }

    private Scale Current() => new()
    {
        ApiVersion = "autoscaling/v1",
        Kind = "Scale",
        Metadata = new ObjectMeta(Name: "web", Namespace: "shop", Uid: "uid-1", ResourceVersion: Version),
        Spec = new ScaleSpec(Replicas),
        Status = new ScaleStatus(Replicas, "app=web"),
    };
}
