using System.Collections.Immutable;
using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Healing;
using ControlPlane.Core.Learning;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using ControlPlane.Core.Scaling.Teams;
using ControlPlane.Core.Workloads;
using ControlPlane.GrainInterfaces;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace ControlPlane.Grains.Decisions;

/// <summary>
/// Decides for one workload. A step is decided when its forecast is there, or after 3 s; a predictor that did not answer is not waited
/// for again until it does.
/// </summary>
[GrainType("decision")]
[ImplicitStreamSubscription(StreamNames.Observations)]
[ImplicitStreamSubscription(StreamNames.Forecasts)]
[ImplicitStreamSubscription(StreamNames.Policies)]
[ImplicitStreamSubscription(StreamNames.Actuations)]
public sealed partial class DecisionGrain(
    [PersistentState("decision", StorageNames.Grains)] IPersistentState<DecisionGrainState> state,
    AdviserSource advisers,
    TimeProvider time,
    ILogger<DecisionGrain> logger) : Grain, IDecisionGrain, IStreamSubscriptionObserver
{
    /// <summary>How long an observation waits for its forecast; then the step is decided without one. An event can be lost.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly RecordBook _records = new();
    private readonly AdviserModel? _adviser = advisers.Make();
    private StepDuties<ScalingDecision> _duties = null!;
    private HealingDesk _healing = null!;
    private TeamDesk _team = null!;
    private bool _hasNewGrant;
    private DecisionState _memory = DecisionState.Empty;
    private Observation? _pending;
    private IGrainTimer? _patience;
    private Forecast? _forecast;
    private DateTimeOffset _newest;
    private ScalingDecision? _latest;
    private ScalingDecision? _unconfirmed;
    private bool _predictorAnswers = true;
    private long _sequence;
    private double? _demand;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _memory = state.State.Memory.AfterRestart();
        await state.Replace(state.State with { Epoch = state.State.Epoch + 1, Memory = _memory });
        _duties = await StepDuties<ScalingDecision>.TakeUp(this, GrainFactory, time, StreamNames.Decisions);
        var healings = this.GetStreamProvider(StreamNames.Provider).GetStream<HealingDecision>(StreamId.Create(StreamNames.Healings, this.GetPrimaryKeyString()));
        _healing = new HealingDesk(GrainFactory, healings, Save) { Memory = state.State.Healing };
        // Interleaving: a step does not wait for the team's answer.
        var beside = new GrainTimerCreationOptions(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan) { Interleave = true };
        _team = new TeamDesk(WorkloadId.Parse(this.GetPrimaryKeyString()), GrainFactory, send => this.RegisterGrainTimer(_ => send(), beside), OnGrant);
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        _duties?.Checkpoint.IsWantedAtEnd(reason) == true ? Save() : Task.CompletedTask;

    /// <inheritdoc/>
    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.StreamId.GetNamespace() switch
    {
        StreamNames.Observations => handleFactory.Create<Observation>().ResumeAsync((observation, _) => OnObservation(observation)),
        StreamNames.Forecasts => handleFactory.Create<Forecast>().ResumeAsync((forecast, _) => OnForecast(forecast)),
        StreamNames.Policies => handleFactory.Create<PolicyChange>().ResumeAsync((_, _) => _duties.Policy.Refresh()),
        StreamNames.Actuations => handleFactory.Create<ActuationResult>().ResumeAsync((result, _) => OnActuation(result)),
        _ => Task.CompletedTask,
    };

    /// <inheritdoc/>
    public Task<ScalingDecision?> GetLatest() => Task.FromResult(_latest);

    /// <inheritdoc/>
    public Task<ScalingDecision?> GetState() => GetLatest();

    /// <inheritdoc/>
    public Task<ImmutableArray<DecisionRecord>> GetRecords(int count) => Task.FromResult(_records.Newest(count));

    /// <inheritdoc/>
    public Task<DecisionRecord?> GetRecord(string decisionId) => Task.FromResult(_records.Find(decisionId));

    /// <inheritdoc/>
    public Task<ImmutableArray<HealingRecord>> GetHealing() => Task.FromResult(_healing.Records);

    /// <inheritdoc/>
    public async Task LeaveTeam()
    {
        if (_memory.Team is not { } share) return;
        _memory = _memory with { Team = null };
        if (!await Save()) throw new OrleansException($"the share of team {share.Team} could not be given back, because that could not be stored");
        await _team.Leave(share);
    }

    private void OnGrant(string team, TeamGrant grant)
    {
        if (_memory.Team is not { } share || share.Team != team) return;
        _memory = _memory with { Team = TeamNeed.Answered(share, grant) };
        _hasNewGrant = true;
        _duties.Checkpoint.Changed();
    }

    private async Task OnObservation(Observation observation)
    {
        if (observation.Time <= _newest) return;
        _newest = observation.Time;
        if (_pending is not null) _predictorAnswers = false;
        _pending = observation;
        await _duties.Policy.OnStep();
        var isAwaited = _predictorAnswers && _duties.Policy.Current.Predictive.Enabled && _forecast?.IssuedAt != observation.Time;
        if (!isAwaited) await Decide(observation);
        else if (_patience is not null) _patience.Change(Patience, Timeout.InfiniteTimeSpan);
        else _patience = this.RegisterGrainTimer(_ => OnPatienceOver(), new GrainTimerCreationOptions(Patience, Timeout.InfiniteTimeSpan));
    }

    private async Task OnPatienceOver()
    {
        if (_pending is not { } pending) return;
        _predictorAnswers = false;
        await Decide(pending);
    }

    private async Task OnForecast(Forecast forecast)
    {
        if (forecast.IssuedAt <= _forecast?.IssuedAt) return;
        _forecast = forecast;
        if (forecast.IssuedAt == _newest) _predictorAnswers = true;
        if (_pending is { } pending && pending.Time == forecast.IssuedAt) await Decide(pending);
    }

    private Task OnActuation(ActuationResult result)
    {
        if (_healing.OnResult(result)) _duties.Checkpoint.Changed();
        if (_unconfirmed?.Id != result.DecisionId) return Task.CompletedTask;
        if (result.Outcome == ActuationOutcome.Applied)
        {
            _memory = DecisionPipeline.Confirm(_memory, _unconfirmed, _duties.Policy.Current.Behavior);
            _healing.Memory = HealingRules.Confirm(_healing.Memory, _unconfirmed, _demand);
            _duties.Checkpoint.Changed();
        }
        else if (result.Outcome is ActuationOutcome.Denied or ActuationOutcome.Conflict)
        {
            _memory = DecisionPipeline.Refused(_memory, _unconfirmed);
        }

        _unconfirmed = null;
        return Task.CompletedTask;
    }

    private async Task Decide(Observation observation)
    {
        _pending = null;
        _patience?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _demand = observation.Demand;
        var guard = await _healing.Step(observation, _duties.Policy.Current, state.State.Epoch, _sequence + 1);
        var before = _memory;
        var input = DecisionInput.Of(observation, _forecast, _duties.Policy.Current, state.State.Epoch, ++_sequence, guard);
        if (_adviser is not null && input.Policy.Adviser != AdviserMode.Off) input = input with { Advice = _adviser.Advise(before, input) };
        var (after, decision) = DecisionPipeline.Decide(before, input);
        (_memory, _latest) = (after, decision);
        _duties.Checkpoint.Changed();
        _records.Add(new DecisionRecord { Before = before, Input = input, Decision = decision });
        var isChange = decision is { Action: not ScalingAction.Hold, IsActionable: true };
        if (isChange) _unconfirmed = decision;
        var errand = before.Team is null && after.Team is null ? null : _team.Next(before.Team, after.Team, input.Policy, decision, input.Epoch);
        var givesBack = errand is not null && errand.Share != after.Team || errand?.Left is not null;
        if (givesBack) _memory = _memory with { Team = errand!.Share };
        // A grant is stored at the next step: after a crash the service would be cut to what an older one allows.
        var isStored = !(isChange || givesBack || _hasNewGrant || _duties.Checkpoint.IsDue) || await Save();
        _hasNewGrant &= !isStored;
        // After a crash zero replicas of which it is not stored that they are ours would never come back, and what ran until a scale-in would not be charged to a budget;
        // so these wait until they are stored: the next step decides them again.
        var mustBeStored = decision.DesiredReplicas == 0 || (decision.Action == ScalingAction.ScaleDown && (after.Budget is not null || after.Team is not null));
        if (isStored || !isChange || !mustBeStored) await _duties.Output.OnNextAsync(decision);
        // What is given back is told only when it is stored that it is not ours any more.
        if (errand is not null && (isStored || !givesBack)) _team.Start(errand);
    }

    /// <summary>
    /// Stores what a successor needs. Decisions go on when storage fails: the epoch, which is what fences, was stored on activation.
    /// </summary>
    /// <returns>Whether it was stored.</returns>
    private async Task<bool> Save()
    {
        var next = state.State with { Memory = _memory, Healing = _healing.Memory };
        var failure = await state.TryStore(next, kept: next);
        if (failure is not null) LogNotSaved(failure, this.GetPrimaryKeyString());
        _duties.Checkpoint.Done(failure is null);
        return failure is null;
    }

    [LoggerMessage(1101, LogLevel.Warning, "Decision state of {Workload} was not stored; decisions go on from memory")]
    private partial void LogNotSaved(Exception exception, string workload);
}

/// <summary>What a decision grain stores.</summary>
[GenerateSerializer, Immutable, Alias("cp.DecisionGrainState")]
public sealed record DecisionGrainState
{
    /// <summary>Number of activations so far; every activation takes the next one before it decides.</summary>
    [Id(0)] public long Epoch { get; init; }

    /// <summary>Memory of the pipeline at the last checkpoint.</summary>
    [Id(1)] public DecisionState Memory { get; init; } = DecisionState.Empty;

    /// <summary>What healing remembers, at the last checkpoint.</summary>
    [Id(2)] public HealingState Healing { get; init; } = HealingState.Empty;
}
