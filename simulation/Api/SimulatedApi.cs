using ControlPlane.Simulation.Cluster;

namespace ControlPlane.Simulation.Api;

/// <summary>
/// Speaks the Kubernetes API for a simulated cluster. A request completes synchronously unless a fault delays it. Every write is in
/// <see cref="SimulatedCluster.Audit"/>, whatever became of it.
/// </summary>
public sealed class SimulatedApi
{
    private readonly TimeProvider? _clock;
    private readonly ResourceEndpoints _resources;
    private readonly MetricsEndpoints _metrics;
    private readonly ScaleEndpoint _scale;
    private readonly EvictionEndpoint _eviction;

    /// <summary>Makes an API over a cluster.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="clock">Measures delays; without it a fault that delays is answered as a time-out of the gateway.</param>
    public SimulatedApi(SimulatedCluster cluster, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        (Cluster, _clock) = (cluster, clock);
        _resources = new ResourceEndpoints(cluster);
        _metrics = new MetricsEndpoints(cluster);
        _scale = new ScaleEndpoint(cluster);
        _eviction = new EvictionEndpoint(cluster);
    }

    /// <summary>The cluster behind it.</summary>
    public SimulatedCluster Cluster { get; }

    /// <summary>What goes wrong; null when nothing does.</summary>
    public ApiFaultPlan? Faults { get; set; }

    /// <summary>Answers a request. Expected failures are answers with a Kubernetes <c>Status</c>, not exceptions.</summary>
    public async Task<SimResponse> HandleAsync(SimRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var fault = Faults?.Next(request);
        switch (fault?.Kind)
        {
            case ApiFaultKind.Delay when _clock is not null:
                await HoldAsync(fault.Delay, _clock, cancellationToken).ConfigureAwait(false);
                break;
            case ApiFaultKind.Delay:
                return Refuse(request, new ApiError(504, "Timeout", "the simulated gateway timed out"));
            case ApiFaultKind.Conflict when !request.IsRead:
                return Refuse(request, new ApiError(409, "Conflict", $"Operation cannot be fulfilled on \"{request.Path}\": the object has been modified"));
            case ApiFaultKind.Fail:
                return Refuse(request, Failure(fault.StatusCode));
        }

        var isLost = fault?.Kind == ApiFaultKind.LoseAnswer;
        return Cluster.Locked(() => Answer(request, isLost));
    }

    private static ApiError Failure(int status) => status switch
    {
        429 => new ApiError(429, "TooManyRequests", "simulated: too many requests") { RetryAfterSeconds = 1 },
        403 => new ApiError(403, "Forbidden", "simulated: forbidden"),
        401 => new ApiError(401, "Unauthorized", "Unauthorized"),
        404 => ApiError.NotFound(),
        503 => new ApiError(503, "ServiceUnavailable", "simulated: service unavailable"),
        504 => new ApiError(504, "Timeout", "simulated: timeout"),
        _ => new ApiError(status, "InternalError", "simulated: internal error"),
    };

    private SimResponse Refuse(SimRequest request, ApiError error) => Cluster.Locked(() =>
    {
        var before = Replicas(request);
        Record(request, before, before, error.Code);
        return error.ToResponse();
    });

    private SimResponse Answer(SimRequest request, bool isLost)
    {
        var before = Replicas(request);
        SimResponse response;
        try
        {
            response = Route(request);
        }
        catch (ApiError error)
        {
            response = error.ToResponse();
        }
        catch (System.Text.Json.JsonException e)
        {
            response = ApiError.BadRequest($"the body is not valid JSON: {e.Message}").ToResponse();
        }

        Record(request, before, Replicas(request), isLost ? 0 : response.StatusCode);
        return isLost ? new SimResponse { IsLost = true } : response;
    }

    private SimResponse Route(SimRequest request)
    {
        var parts = request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (DiscoveryEndpoints.Find(request, parts) is { } document) return document;
        if (parts is ["apis", "metrics.k8s.io" or "custom.metrics.k8s.io", ..]) return _metrics.Handle(request, parts);
        if (ApiPath.Parse(parts) is not { } path) throw ApiError.NotFound();
        return (path.Subresource, path.Type.Plural) switch
        {
            (null, _) or ("status", _) => _resources.Handle(request, path),
            ("scale", _) when path.Type.Subresources.Contains("scale") => _scale.Handle(request, path),
            ("eviction", "pods") => _eviction.Handle(request, path),
            ("log", "pods") => _resources.Log(path),
            _ => throw ApiError.NotFound(),
        };
    }

    private int? Replicas(SimRequest request)
    {
        if (request.IsRead) return null;
        var path = ApiPath.Parse(request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries));
        return path?.Name is null ? null : Cluster.FindWorkload(path.Type, path.Namespace, path.Name)?.Service.Replicas;
    }

    private void Record(SimRequest request, int? from, int? to, int status)
    {
        if (request.IsRead) return;
        Cluster.AddAudit(new AuditEntry
        {
            Time = Cluster.Time,
            Verb = request.Method,
            Path = request.Path,
            UserAgent = request.UserAgent,
            FromReplicas = from,
            ToReplicas = to,
            StatusCode = status,
        });
    }

    /// <summary>As Task.Delay, which would continue on the thread pool when it is cancelled, outside virtual time.</summary>
    private static async Task HoldAsync(TimeSpan delay, TimeProvider clock, CancellationToken cancellationToken)
    {
        var over = new TaskCompletionSource();
        using var timer = clock.CreateTimer(static over => ((TaskCompletionSource)over!).TrySetResult(), over, delay, Timeout.InfiniteTimeSpan);
        using var cancelled = cancellationToken.Register(() => over.TrySetCanceled(cancellationToken));
        await over.Task.ConfigureAwait(false);
    }
}
