using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Policies;
using ControlPlane.Grains.Prediction;
using Orleans.Runtime;
using Orleans.Storage;

namespace ControlPlane.Benchmarks.Pipeline;

/// <summary>A model that has learnt two days, so that every member of the ensemble works.</summary>
internal static class WarmModel
{
    private static readonly TimeSpan Learnt = TimeSpan.FromDays(2);

    public static byte[] Train(DateTimeOffset until)
    {
        var forecaster = new DemandForecaster(PolicyDocument.DefaultStep);
        for (var time = until - Learnt; time <= until; time += PolicyDocument.DefaultStep) forecaster.Update(time, Fleet.Demand(0, time));
        return forecaster.Save();
    }
}

/// <summary>Gives predictors that have stored nothing yet the warm model; everything else goes to the storage behind it.</summary>
internal sealed class WarmStorage(IGrainStorage inner, string model) : IGrainStorage
{
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await inner.ReadStateAsync(stateName, grainId, grainState);
        if (grainState is IGrainState<PredictorState> { RecordExists: false } predictor) predictor.State = new PredictorState { Model = model };
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.WriteStateAsync(stateName, grainId, grainState);

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ClearStateAsync(stateName, grainId, grainState);
}
