using ControlPlane.Core.Healing;
using ControlPlane.Core.Scaling;
using ControlPlane.Core.Scaling.Removal;
using ControlPlane.Core.Workloads;
using ControlPlane.Kubernetes.Api;

namespace ControlPlane.Kubernetes;

/// <summary>
/// Heals through the API: evicts pods (so that disruption budgets hold), marks them to go first, and tells of it as Events. See
/// <see cref="IPodHealer"/> for what it promises.
/// </summary>
/// <param name="clients">The API clients.</param>
/// <param name="options">Bounds; null: the defaults.</param>
/// <param name="time">The clock.</param>
/// <param name="jitter">Random numbers within [0, 1) for the waits.</param>
public sealed class PodHealer(IKubernetesClients clients, ActuatorOptions? options, TimeProvider time, Func<double> jitter) : IPodHealer
{
    private readonly ActuatorOptions _options = options ?? new ActuatorOptions();
    private readonly HealingEvents _events = new(options ?? new ActuatorOptions(), time);

    /// <inheritdoc/>
    public async Task<ActuationResult> ApplyAsync(WorkloadSpec spec, HealingDecision decision, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(decision);
        if (!decision.IsActionable || decision.Action is HealingAction.None or HealingAction.UndoScaleIn) return Result(decision, ActuationOutcome.Skipped, null);
        try
        {
            var client = clients.Get(spec.Id.Cluster);
            if (decision.Action == HealingAction.HoldScaleIn)
            {
                await _events.TryRecordAsync(client, spec, decision, null).ConfigureAwait(false);
                return Result(decision, ActuationOutcome.Applied, null);
            }

            return await HealAsync(client, spec, decision, cancellationToken).ConfigureAwait(false);
        }
        catch (KubernetesException e)
        {
            return Failed(decision, e);
        }
    }

    private async Task<ActuationResult> HealAsync(KubernetesClient client, WorkloadSpec spec, HealingDecision decision, CancellationToken cancellationToken)
    {
        if (decision.Fault is not { } fault) return Result(decision, ActuationOutcome.Skipped, "the decision names no pod");
        var pod = await TryAsync(() => client.GetAsync<Pod>(KubernetesResource.Pod(spec.Id.Namespace, fault.Pod), cancellationToken), cancellationToken).ConfigureAwait(false);
        if (fault.CreatedAt is { } created && pod.Metadata.CreationTimestamp is { } present && ToSeconds(created) != ToSeconds(present))
            return Result(decision, ActuationOutcome.Skipped, $"the pod {fault.Pod} is another one by now");
        if (pod.Metadata.DeletionTimestamp is not null) return Result(decision, ActuationOutcome.Skipped, $"the pod {fault.Pod} is going already");
        if (pod.Metadata.Uid is not { Length: > 0 } uid) return Result(decision, ActuationOutcome.Failed, $"the pod {fault.Pod} has no uid, so that nothing could be required of it");
        if (decision.Action == HealingAction.EvictPod) await EvictAsync(client, spec, fault.Pod, uid, cancellationToken).ConfigureAwait(false);
        else await MarkAsync(client, spec, decision, uid, cancellationToken).ConfigureAwait(false);
        await _events.TryRecordAsync(client, spec, decision, pod).ConfigureAwait(false);
        return Result(decision, ActuationOutcome.Applied, null);
    }

    private Task EvictAsync(KubernetesClient client, WorkloadSpec spec, string pod, string uid, CancellationToken cancellationToken)
    {
        var eviction = new Eviction
        {
            ApiVersion = "policy/v1",
            Kind = "Eviction",
            Metadata = new ObjectMeta(Name: pod, Namespace: spec.Id.Namespace),
            DeleteOptions = new DeleteOptions(Preconditions: new Preconditions(Uid: uid)),
        };
        return TryAsync(() => client.CreateAsync<Eviction, Status>(KubernetesResource.Eviction(spec.Id.Namespace, pod), eviction, null, cancellationToken), cancellationToken);
    }

    private Task MarkAsync(KubernetesClient client, WorkloadSpec spec, HealingDecision decision, string uid, CancellationToken cancellationToken)
    {
        var patch = PodMarker.Patch(uid, RemovalChoice.FaultyCost, decision.Id);
        return TryAsync(() => client.PatchAsync<Pod>(KubernetesResource.Pod(spec.Id.Namespace, decision.Fault!.Pod), PatchType.Merge, patch, null, cancellationToken), cancellationToken);
    }

    /// <summary>Tries again what may succeed a little later; a budget that refuses is left to the next decision.</summary>
    private async Task<T> TryAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call().ConfigureAwait(false);
            }
            catch (KubernetesException e) when (e.IsTransient && e.Failure != KubernetesFailure.TooManyRequests && attempt < _options.MaxAttempts && !(e.RetryAfter > _options.MaxRetryAfter))
            {
                var wait = _options.Backoff.Wait(attempt, jitter());
                await Task.Delay(e.RetryAfter > wait ? e.RetryAfter.Value : wait, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private ActuationResult Failed(HealingDecision decision, KubernetesException e) => e.Failure switch
    {
        KubernetesFailure.NotFound => Result(decision, ActuationOutcome.Skipped, $"the pod is gone: {e.Message}"),
        KubernetesFailure.Conflict => Result(decision, ActuationOutcome.Conflict, e.Message),
        KubernetesFailure.TooManyRequests => Result(decision, ActuationOutcome.Denied, e.Message) with { RetryAfter = e.RetryAfter },
        KubernetesFailure.Forbidden or KubernetesFailure.Unauthorized => Result(decision, ActuationOutcome.Denied, e.Message),
        _ => Result(decision, ActuationOutcome.Failed, e.Message) with { RetryAfter = e.RetryAfter },
    };

    private ActuationResult Result(HealingDecision decision, ActuationOutcome outcome, string? error) => new()
    {
        DecisionId = decision.Id,
        Workload = decision.Workload,
        Time = time.GetUtcNow(),
        Outcome = outcome,
        Error = error,
    };

    /// <summary>The API tells times to the second.</summary>
    private static long ToSeconds(DateTimeOffset moment) => moment.UtcTicks / TimeSpan.TicksPerSecond;
}
