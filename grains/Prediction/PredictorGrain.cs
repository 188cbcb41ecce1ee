using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using ControlPlane.Core;
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
/// decision then follows the reactive reference at once.
/// </summary>
[GrainType("predictor")]
[ImplicitStreamSubscription(StreamNames.Observations)]
[ImplicitStreamSubscription(StreamNames.Policies)]
public sealed partial class PredictorGrain(
    [PersistentState("predictor", StorageNames.Grains)] IPersistentState<PredictorState> state,
    ForecasterCatalog catalog,
    ModelShelf shelf,
    IBackgroundWork work,
    TimeProvider time,
    ILogger<PredictorGrain> logger) : Grain, IPredictorGrain, IStreamSubscriptionObserver
{
    private ModelStand _models = null!;
    private StepDuties<Forecast> _duties = null!;
    private Forecast? _latest;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _models = new ModelStand(this.GetPrimaryKeyString(), catalog, shelf, work, GrainFactory, logger) { Current = await Load() };
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

    private async Task OnObservation(Observation observation)
    {
        if (observation.Time <= _latest?.IssuedAt) return;
        await _duties.Policy.OnStep();
        var policy = _duties.Policy.Current;
        var leadSteps = DecisionPipeline.LeadSteps(observation, policy);
        _latest = _models.Step(observation, leadSteps, ForecastSettings.HorizonSteps(policy, leadSteps));
        _duties.Checkpoint.Changed();
        await _duties.Output.OnNextAsync(_latest);
        if (_models.HasWork) _models.Follow(observation.Step);
        if (_duties.Checkpoint.IsDue) await Save();
    }

    private async Task<ServedModel?> Load()
    {
        var model = state.State.Model;
        if (model.IsDefaultOrEmpty) return null;
        state.State = new PredictorState();
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
        if (_models.Current is not { } model) return;
        var next = new PredictorState { Model = ImmutableCollectionsMarshal.AsImmutableArray(catalog.Save(model)) };
        var failure = await state.TryStore(next, kept: new PredictorState());
        if (failure is not null) LogNotSaved(failure, this.GetPrimaryKeyString());
        _duties.Checkpoint.Done(failure is null);
    }

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
}
