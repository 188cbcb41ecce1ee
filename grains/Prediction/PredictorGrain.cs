using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using ControlPlane.Core;
using ControlPlane.Core.Anomalies;
using ControlPlane.Core.Anomalies.Watch;
using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Scaling;
using ControlPlane.GrainInterfaces;
using ControlPlane.Grains.Models;
using ControlPlane.Grains.Work;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace ControlPlane.Grains.Prediction;

/// <summary>
/// Learns from every observation of one workload and answers each with a forecast of the champion of the registry. A model that fails answers so: the
/// decision then follows the reactive reference at once. After the answer it watches the workload's signals for anomalies, and reports them.
/// </summary>
[GrainType("predictor")]
[ImplicitStreamSubscription(StreamNames.Observations)]
[ImplicitStreamSubscription(StreamNames.Policies)]
public sealed partial class PredictorGrain(
    [PersistentState("predictor", StorageNames.Grains)] IPersistentState<PredictorState> state,
    ForecasterCatalog catalog,
    ModelShelf shelf,
    IBackgroundWork work,
    WatchOptions watch,
    TimeProvider time,
    ILogger<PredictorGrain> logger) : Grain, IPredictorGrain, IStreamSubscriptionObserver
{
    private ModelStand _models = null!;
    private AnomalyDesk _anomalies = null!;
    private StepDuties<Forecast> _duties = null!;
    private Forecast? _latest;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString();
        _anomalies = new AnomalyDesk(key, watch, this.GetStreamProvider(StreamNames.Provider).GetStream<AnomalyReport>(StreamId.Create(StreamNames.Anomalies, key)), logger);
        _anomalies.Load(state.State.Watch);
        _models = new ModelStand(key, catalog, shelf, work, GrainFactory, logger) { Current = await Load() };
        _duties = await StepDuties<Forecast>.TakeUp(this, GrainFactory, time, StreamNames.Forecasts);
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _models?.Stop();
        return _duties?.Checkpoint.IsWantedAtEnd(reason) == true ? Save() : Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.StreamId.GetNamespace() switch
    {
        StreamNames.Observations => handleFactory.Create<Observation>().ResumeAsync((observation, _) => OnObservation(observation)),
        StreamNames.Policies => handleFactory.Create<PolicyChange>().ResumeAsync((_, _) => _duties.Policy.Refresh()),
        _ => Task.CompletedTask,
    };

    /// <inheritdoc/>
    public Task<Forecast?> GetForecast() => Task.FromResult(_latest);

    /// <inheritdoc/>
    public Task<WatchOverview> GetAnomalies() => Task.FromResult(_anomalies.Overview);

    /// <inheritdoc/>
    public async Task<WatchedAnomaly?> LabelAnomaly(string anomaly, bool isReal)
    {
        if (_anomalies.Label(anomaly, isReal) is not { } labelled) return null;
        await state.Replace(Snapshot());
        state.State = new PredictorState();
        return labelled;
    }

    private async Task OnObservation(Observation observation)
    {
        if (observation.Time <= _latest?.IssuedAt) return;
        await _duties.Policy.OnStep();
        var policy = _duties.Policy.Current;
        var leadSteps = DecisionPipeline.LeadSteps(observation, policy);
        _latest = _models.Step(observation, leadSteps, ForecastSettings.HorizonSteps(policy, leadSteps));
        _duties.Checkpoint.Changed();
        await _duties.Output.OnNextAsync(_latest);
        await _anomalies.Step(observation);
        if (_models.HasWork) _models.Follow(observation.Step);
        if (_duties.Checkpoint.IsDue) await Save();
    }

    private async Task<ServedModel?> Load()
    {
        var model = state.State.Model;
        state.State = new PredictorState();
        if (model.IsDefaultOrEmpty) return null;
        try
        {
            var id = ForecasterCatalog.WriterOf(model.AsSpan());
            var artifact = id is null || catalog.BuiltIns.Contains(id) ? null : await shelf.Artifact(GrainFactory, id);
            return catalog.Load(model.AsSpan(), artifact);
        }
        catch (Exception e) when (e is InvalidDataException or TimeoutException or OrleansException)
        {
            LogModelUnreadable(e, this.GetPrimaryKeyString());
            return null;
        }
    }

    private async Task Save()
    {
        if (_models.Current is null) return;
        var failure = await state.TryStore(Snapshot(), kept: new PredictorState());
        if (failure is not null) LogNotSaved(failure, this.GetPrimaryKeyString());
        _duties.Checkpoint.Done(failure is null);
    }

    private PredictorState Snapshot() => new()
    {
        Model = _models.Current is { } model ? ImmutableCollectionsMarshal.AsImmutableArray(catalog.Save(model)) : [],
        Watch = _anomalies.Save(),
    };

    [LoggerMessage(1302, LogLevel.Warning, "The stored model of {Workload} is not readable; a new one starts to learn")]
    private partial void LogModelUnreadable(Exception exception, string workload);

    [LoggerMessage(1303, LogLevel.Warning, "The model of {Workload} was not stored; it goes on from memory")]
    private partial void LogNotSaved(Exception exception, string workload);
}

/// <summary>What a predictor grain stores.</summary>
[GenerateSerializer, Immutable, Alias("cp.PredictorState")]
public sealed record PredictorState
{
    /// <summary>The forecaster's own bytes at the last checkpoint; empty before the first.</summary>
    [Id(0), JsonConverter(typeof(Base64Bytes))] public ImmutableArray<byte> Model { get; init; } = [];

    /// <summary>The own bytes of the watch over the signals at the last checkpoint; empty before the first.</summary>
    [Id(1), JsonConverter(typeof(Base64Bytes))] public ImmutableArray<byte> Watch { get; init; } = [];
}
