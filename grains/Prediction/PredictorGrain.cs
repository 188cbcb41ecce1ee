using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using ControlPlane.Core;
using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Metrics;
using ControlPlane.GrainInterfaces;
using ControlPlane.Grains.Policies;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Storage;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace ControlPlane.Grains.Prediction;

/// <summary>
/// Learns from every observation of one workload and answers each with a forecast. A model that fails answers so: the decision then
/// follows the reactive reference at once.
/// </summary>
[GrainType("predictor")]
[ImplicitStreamSubscription(StreamNames.Observations)]
[ImplicitStreamSubscription(StreamNames.Policies)]
public sealed partial class PredictorGrain(
    [PersistentState("predictor", StorageNames.Grains)] IPersistentState<PredictorState> state,
    TimeProvider time,
    ILogger<PredictorGrain> logger) : Grain, IPredictorGrain, IStreamSubscriptionObserver
{
    private DemandForecaster? _forecaster;
    private PolicyFollower _policy = null!;
    private Checkpoint _checkpoint = null!;
    private IAsyncStream<Forecast> _forecasts = null!;
    private Forecast? _latest;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString();
        _forecaster = Load(key);
        _checkpoint = new Checkpoint(key, time.GetUtcNow());
        _forecasts = this.GetStreamProvider(StreamNames.Provider).GetStream<Forecast>(StreamId.Create(StreamNames.Forecasts, key));
        _policy = new PolicyFollower(GrainFactory, key);
        await _policy.Refresh();
    }

    /// <inheritdoc/>
    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.StreamId.GetNamespace() switch
    {
        StreamNames.Observations => handleFactory.Create<Observation>().ResumeAsync((observation, _) => OnObservation(observation)),
        StreamNames.Policies => handleFactory.Create<PolicyChange>().ResumeAsync((_, _) => _policy.Refresh()),
        _ => Task.CompletedTask,
    };

    /// <inheritdoc/>
    public Task<Forecast?> GetForecast() => Task.FromResult(_latest);

    private async Task OnObservation(Observation observation)
    {
        if (observation.Time <= _latest?.IssuedAt) return;
        await _policy.OnStep();
        _latest = Issue(observation);
        await _forecasts.OnNextAsync(_latest);
        if (_checkpoint.IsDue(time.GetUtcNow())) await Save();
    }

    private Forecast Issue(Observation observation)
    {
        var forecaster = _forecaster?.Step == observation.Step ? _forecaster : new DemandForecaster(observation.Step);
        _forecaster = forecaster;
        try
        {
            return Predictor.Step(forecaster, observation, ForecastSettings.HorizonSteps(_policy.Current));
        }
        catch (Exception e) when (e is ArithmeticException or InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            LogModelFailed(e, this.GetPrimaryKeyString());
            _forecaster = null;
            return Predictor.Failed(forecaster, observation);
        }
    }

    private DemandForecaster? Load(string key)
    {
        if (state.State.Model.IsDefaultOrEmpty) return null;
        try
        {
            return DemandForecaster.Load(state.State.Model.AsSpan());
        }
        catch (InvalidDataException e)
        {
            LogModelUnreadable(e, key);
            return null;
        }
    }

    private async Task Save()
    {
        if (_forecaster is null) return;
        try
        {
            await state.Replace(new PredictorState { Model = ImmutableCollectionsMarshal.AsImmutableArray(_forecaster.Save()) });
        }
        catch (OrleansException e) when (e is not InconsistentStateException)
        {
            LogNotSaved(e, this.GetPrimaryKeyString());
        }
        _checkpoint.Done(time.GetUtcNow());
    }

    [LoggerMessage(1301, LogLevel.Warning, "The model of {Workload} failed and starts anew; the reactive reference decides")]
    private partial void LogModelFailed(Exception exception, string workload);

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
