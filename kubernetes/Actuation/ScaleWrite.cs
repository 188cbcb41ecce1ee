using System.Globalization;
using ControlPlane.Core.Scaling;
using ControlPlane.Core.Workloads;
using ControlPlane.Kubernetes.Api;

namespace ControlPlane.Kubernetes;

/// <summary>One decision on its way into <c>/scale</c>. Awaits resume on the caller's scheduler; see <see cref="ScaleActuator"/>.</summary>
internal sealed class ScaleWrite(
    KubernetesClient client,
    WorkloadSpec spec,
    ScalingDecision decision,
    int desired,
    ActuationAnswer answer,
    ActuatorOptions options,
    TimeProvider time,
    Func<double> jitter)
{
    private readonly KubernetesResource _resource = KubernetesResource.Scale(spec.ApiVersion, spec.Resource, spec.Id.Namespace, spec.Id.Name);
    private readonly WriteOptions _options = new(KubernetesClientOptions.Product, UserAgent(decision));

    /// <summary>The scale as it was last seen.</summary>
    public Scale Seen { get; private set; } = new();

    /// <summary>Replicas before the write.</summary>
    public int From { get; private set; }

    private string Target => $"{spec.Id.Kind} {spec.Id.Name} in namespace {spec.Id.Namespace}";

    /// <summary>Reads the scale; a result when there is nothing to write.</summary>
    public async Task<ActuationResult?> ReadFirstAsync(CancellationToken cancellationToken)
    {
        var (scale, error) = await ReadAsync(cancellationToken);
        if (scale is null) return answer.From(error!, null);
        From = scale.Spec!.Replicas;
        if (From == desired) return answer.Skipped(From);
        return decision.CurrentReplicas is { } expected && expected != From
            ? answer.Conflict(From, $"{Target} asks for {From} replicas, the decision was made for {expected}: somebody else changed it")
            : null;
    }

    /// <summary>Stores the intent and writes; again while only the target's status changes under it.</summary>
    public async Task<ActuationResult> RunAsync(Func<ScaleIntent, Task> beforeWrite, CancellationToken cancellationToken)
    {
        for (var refreshes = 0; refreshes <= options.MaxRefreshes; refreshes++)
        {
            await beforeWrite(new ScaleIntent(decision.Id, decision.Epoch, From, desired, Seen.Metadata.ResourceVersion!));
            if (await WriteAsync(Seen, cancellationToken) is { } end) return end;
        }

        return answer.Conflict(From, $"{Target} changed under the write {options.MaxRefreshes + 1} times in a row");
    }

    /// <summary>
    /// Writes to one version. Trying again after an unknown outcome is safe because the precondition stays the same: only one write can
    /// land. Null: the version has moved on, nothing of ours has landed, and the replicas are still what they were.
    /// </summary>
    private async Task<ActuationResult?> WriteAsync(Scale before, CancellationToken cancellationToken)
    {
        var isUnknown = false;
        KubernetesException? last = null;
        for (var attempt = 1; attempt <= options.MaxAttempts; attempt++)
        {
            last = await PutAsync(before, cancellationToken);
            if (last is null) return Seen.Spec!.Replicas == desired ? answer.Applied(desired) : Altered();
            if (last.Failure == KubernetesFailure.Conflict) return await AfterConflictAsync(isUnknown, last, cancellationToken);
            if (!last.IsTransient) return isUnknown ? answer.Unknown(From, last.Message) : answer.From(last, From);

            isUnknown |= last.IsOutcomeUnknown;
            var tooLong = last.RetryAfter > options.MaxRetryAfter;
            if (!tooLong && (attempt < options.MaxAttempts || isUnknown)) await PauseAsync(attempt, last.RetryAfter, cancellationToken);
            if (isUnknown && await ReconcileAsync(before, last, cancellationToken) is { } end) return end;
            if (tooLong) break;
        }

        return isUnknown
            ? answer.Unknown(From, $"the write was not seen to land: {last!.Message}", last.RetryAfter)
            : answer.Failed(From, last!.Message, last.RetryAfter);
    }

    /// <summary>Something came first. If it may have been our own earlier try, only the replicas tell.</summary>
    private async Task<ActuationResult?> AfterConflictAsync(bool isUnknown, KubernetesException conflict, CancellationToken cancellationToken)
    {
        var (now, error) = await ReadAsync(cancellationToken);
        if (now is null) return isUnknown ? answer.Unknown(null, error!.Message) : answer.Failed(null, $"{conflict.Message}; and then {error!.Message}", error.RetryAfter);
        var replicas = now.Spec!.Replicas;
        if (replicas == desired) return isUnknown ? answer.Applied(replicas) : answer.Skipped(replicas);
        if (isUnknown) return answer.Unknown(replicas, $"{Target} has changed since the first try and asks for {replicas} replicas");
        return replicas == From ? null : answer.Conflict(replicas, $"somebody else set {Target} to {replicas} replicas at the same time");
    }

    /// <summary>Looks whether a write of unknown outcome has landed; null: not yet, the version is still the same.</summary>
    private async Task<ActuationResult?> ReconcileAsync(Scale before, KubernetesException cause, CancellationToken cancellationToken)
    {
        var (now, error) = await ReadAsync(cancellationToken);
        if (now is null) return answer.Unknown(null, $"{cause.Message}; and then {error!.Message}", error.RetryAfter);
        if (now.Metadata.ResourceVersion == before.Metadata.ResourceVersion) return null;
        var replicas = now.Spec!.Replicas;
        return replicas == desired ? answer.Applied(replicas) : answer.Unknown(replicas, $"{cause.Message}; {Target} has changed since and asks for {replicas} replicas");
    }

    private ActuationResult Altered() =>
        answer.Conflict(Seen.Spec!.Replicas, $"the server took the write, but {Target} asks for {Seen.Spec.Replicas} replicas: an admission webhook changed it");

    private async Task<KubernetesException?> PutAsync(Scale before, CancellationToken cancellationToken)
    {
        var body = before with
        {
            ApiVersion = "autoscaling/v1",
            Kind = "Scale",
            Metadata = new ObjectMeta(
                Name: spec.Id.Name, Namespace: spec.Id.Namespace, Uid: before.Metadata.Uid, ResourceVersion: before.Metadata.ResourceVersion),
            Spec = new ScaleSpec(desired),
        };
        try
        {
            var after = await client.UpdateAsync(_resource, body, _options, cancellationToken);
            Seen = Check(after);
            return null;
        }
        catch (KubernetesException e)
        {
            return e;
        }
    }

    private async Task<(Scale? Scale, KubernetesException? Error)> ReadAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Seen = Check(await client.GetAsync<Scale>(_resource, cancellationToken));
                return (Seen, null);
            }
            catch (KubernetesException e)
            {
                if (!e.IsTransient || attempt >= options.MaxAttempts || e.RetryAfter > options.MaxRetryAfter) return (null, e);
                await PauseAsync(attempt, e.RetryAfter, cancellationToken);
            }
        }
    }

    /// <summary>Without a version there is no precondition, and so no write.</summary>
    private Scale Check(Scale scale) => scale.Spec is not null && !string.IsNullOrEmpty(scale.Metadata.ResourceVersion)
        ? scale
        : throw new KubernetesException(KubernetesFailure.BadAnswer, $"{client.Server.Authority}: the scale of {Target} has no spec or no resourceVersion");

    private Task PauseAsync(int failures, TimeSpan? retryAfter, CancellationToken cancellationToken)
    {
        var wait = options.Backoff.Wait(failures, jitter());
        return Task.Delay(retryAfter > wait ? retryAfter.Value : wait, time, cancellationToken);
    }

    private static string UserAgent(ScalingDecision decision)
    {
        var id = string.Concat(decision.Id.Select(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '@' or '.' or '-' or '_' or ':' ? c : '_'));
        return string.Create(
            CultureInfo.InvariantCulture, $"{KubernetesClientOptions.Product}/{KubernetesClientOptions.ProductVersion} (decision {id}; epoch {decision.Epoch})");
    }
}
