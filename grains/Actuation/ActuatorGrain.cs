using ControlPlane.Core.Healing;
using ControlPlane.Core.Scaling;
using ControlPlane.Core.Scaling.Removal;
using ControlPlane.Core.Workloads;
using ControlPlane.GrainInterfaces;
using ControlPlane.Kubernetes;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Storage;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace ControlPlane.Grains.Actuation;

/// <summary>
/// Carries decisions of one workload out, each at most once. Before a write goes out its intent is stored with an etag, so that of two
/// activations only one can write; an intent that a predecessor left open has an unknown outcome and is never tried again.
/// </summary>
[GrainType("actuator")]
[ImplicitStreamSubscription(StreamNames.Decisions)]
[ImplicitStreamSubscription(StreamNames.Healings)]
public sealed partial class ActuatorGrain(
    [PersistentState("actuator", StorageNames.Grains)] IPersistentState<ActuatorState> state,
    IScaleActuator actuator,
    IPodMarker marker,
    IPodHealer healer,
    TimeProvider time,
    ILogger<ActuatorGrain> logger) : Grain, IActuatorGrain, IStreamSubscriptionObserver
{
    /// <summary>How long after a scale-in its marks are looked for, and how often while some must stay: a ReplicaSet removes pods within seconds.</summary>
    private static readonly TimeSpan CleanAfter = TimeSpan.FromMinutes(2);

    private ActuationResult? _last;
    private DateTimeOffset _cleanedAt;
    private DateTimeOffset _refusedAt;
    private (long Epoch, long Sequence) _seen;
    private (long Epoch, DateTimeOffset Time, string? Id) _healed;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _seen = (state.State.Epoch, state.State.Sequence);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory)
    {
        if (handleFactory.StreamId.GetNamespace() == StreamNames.Healings)
        {
            await handleFactory.Create<HealingDecision>().ResumeAsync((decision, _) => OnHealing(decision));
            return;
        }

        await handleFactory.Create<ScalingDecision>().ResumeAsync((decision, _) => OnDecision(decision));
        if (state.State.OpenDecisionId is { } open) await Publish(Failed(open, "the actuator stopped while the write was on its way: its outcome is unknown"));
    }

    /// <inheritdoc/>
    public Task<ActuatorSnapshot> GetSnapshot() =>
        Task.FromResult(new ActuatorSnapshot { Epoch = _seen.Epoch, Sequence = _seen.Sequence, Last = _last });

    /// <inheritdoc/>
    public Task<ActuatorSnapshot> GetState() => GetSnapshot();

    private async Task OnDecision(ScalingDecision decision)
    {
        if ((decision.Epoch, decision.Sequence).CompareTo(_seen) <= 0) return;
        _seen = (decision.Epoch, decision.Sequence);
        await Clean(decision.Id);
        if (decision.Action == ScalingAction.Hold || !decision.IsActionable) return;

        // Asked for each time: a registration can be replaced or withdrawn, and decisions that change something are rare.
        if (await GrainFactory.GetGrain<IServiceGrain>(this.GetPrimaryKeyString()).GetSpec() is not { } spec) return;
        await Publish(await Apply(spec, decision));
    }

    /// <summary>
    /// Heals one pod. It needs no stored intent: a write is about one pod by its uid, so that of two the second finds nothing to do.
    /// </summary>
    private async Task OnHealing(HealingDecision decision)
    {
        if ((decision.Epoch, decision.Time).CompareTo((_healed.Epoch, _healed.Time)) < 0 || decision.Id == _healed.Id) return;
        _healed = (decision.Epoch, decision.Time, decision.Id);
        if (!decision.IsActionable || await GrainFactory.GetGrain<IServiceGrain>(this.GetPrimaryKeyString()).GetSpec() is not { } spec) return;
        if (decision.Action == HealingAction.PreferForRemoval && !await StoreMarks(time.GetUtcNow()))
        {
            await Publish(Failed(decision.Id, "nothing was marked, because it could not be stored that the mark must be taken away again"));
            return;
        }

        await Publish(await healer.ApplyAsync(spec, decision, CancellationToken.None));
    }

    /// <summary>Without a stored intent there is no fence, and so no write.</summary>
    private async Task<ActuationResult> Apply(WorkloadSpec spec, ScalingDecision decision)
    {
        var (hints, isMarked) = (decision.Action == ScalingAction.ScaleDown ? await Hints() : RemovalHints.None, false);
        try
        {
            var result = await actuator.ApplyAsync(spec, decision, Prepare, CancellationToken.None);
            await Close();
            if (isMarked && result.Outcome != ActuationOutcome.Applied)
            {
                _refusedAt = time.GetUtcNow();
                await marker.MarkAsync(spec, 0, hints, decision.Id, CancellationToken.None);
            }

            return result;
        }
        catch (OrleansException e) when (e is not InconsistentStateException)
        {
            return Failed(decision.Id, $"nothing was written, because the intent could not be stored: {e.Message}");
        }

        // The intent comes last: what it fences is the next thing that is done.
        async Task Prepare(ScaleIntent intent)
        {
            if (!isMarked && hints.Matter() && time.GetUtcNow() - _refusedAt >= CleanAfter && await StoreMarks(time.GetUtcNow()))
            {
                isMarked = true;
                await marker.MarkAsync(spec, intent.From - intent.To, hints, decision.Id, CancellationToken.None);
            }

            await state.Replace(state.State with { Epoch = _seen.Epoch, Sequence = _seen.Sequence, OpenDecisionId = intent.DecisionId });
        }
    }

    /// <summary>Takes away marks of scale-ins, or of healing, that have outlived their purpose; those of pods that are faulty still stay.</summary>
    private async Task Clean(string reason)
    {
        var now = time.GetUtcNow();
        if (state.State.MarkedAt is not { } marked || now - marked < CleanAfter || now - _cleanedAt < CleanAfter) return;
        _cleanedAt = now;
        if (await GrainFactory.GetGrain<IServiceGrain>(this.GetPrimaryKeyString()).GetSpec() is not { } spec) return;
        if (!await marker.MarkAsync(spec, 0, await Hints(), reason, CancellationToken.None)) await StoreMarks(null);
    }

    private async Task<RemovalHints> Hints()
    {
        try
        {
            return await GrainFactory.GetGrain<IServiceGrain>(this.GetPrimaryKeyString()).GetRemovalHints();
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            return RemovalHints.None;
        }
    }

    /// <summary>Stores that pods may carry marks of ours, before they do; null: none does.</summary>
    private async Task<bool> StoreMarks(DateTimeOffset? since)
    {
        try
        {
            await state.Replace(state.State with { MarkedAt = since });
            return true;
        }
        catch (OrleansException e) when (e is not InconsistentStateException)
        {
            LogMarksNotStored(e, this.GetPrimaryKeyString());
            return false;
        }
    }

    /// <summary>Marks the intent as answered. When that cannot be stored, a successor will call the outcome unknown, which is harmless.</summary>
    private async Task Close()
    {
        if (state.State.OpenDecisionId is not { } open) return;
        try
        {
            await state.Replace(state.State with { OpenDecisionId = null });
        }
        catch (OrleansException e)
        {
            LogNotClosed(e, open);
        }
    }

    private async Task Publish(ActuationResult result)
    {
        _last = result;
        LogResult(result.Outcome == ActuationOutcome.Applied ? LogLevel.Information : LogLevel.Warning, result.DecisionId, result.Outcome, result.Error);
        var stream = this.GetStreamProvider(StreamNames.Provider).GetStream<ActuationResult>(StreamId.Create(StreamNames.Actuations, this.GetPrimaryKeyString()));
        await stream.OnNextAsync(result);
    }

    private ActuationResult Failed(string decisionId, string error) => new()
    {
        DecisionId = decisionId,
        Workload = WorkloadId.Parse(this.GetPrimaryKeyString()),
        Time = time.GetUtcNow(),
        Outcome = ActuationOutcome.Failed,
        Error = error,
    };

    [LoggerMessage(EventId = 1201, Message = "Decision {DecisionId}: {Outcome} {Error}")]
    private partial void LogResult(LogLevel level, string decisionId, ActuationOutcome outcome, string? error);

    [LoggerMessage(1202, LogLevel.Warning, "The outcome of decision {DecisionId} was not stored")]
    private partial void LogNotClosed(Exception exception, string decisionId);

    [LoggerMessage(1203, LogLevel.Warning, "That pods of {Workload} are marked to go first, or are not any more, was not stored")]
    private partial void LogMarksNotStored(Exception exception, string workload);
}

/// <summary>What an actuator stores.</summary>
[GenerateSerializer, Immutable, Alias("cp.ActuatorState")]
public sealed record ActuatorState
{
    /// <summary>Epoch of the newest decision that was to be written.</summary>
    [Id(0)] public long Epoch { get; init; }

    /// <summary>Its sequence within the epoch.</summary>
    [Id(1)] public long Sequence { get; init; }

    /// <summary>The decision whose write may be on its way; null when its outcome is known.</summary>
    [Id(2)] public string? OpenDecisionId { get; init; }

    /// <summary>Since when pods may carry deletion costs of ours, UTC; null when none does.</summary>
    [Id(3)] public DateTimeOffset? MarkedAt { get; init; }
}
