using System.Collections.Immutable;
using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Core.Policies;
using ControlPlane.Grains.Prediction;
using Orleans.Runtime;
using Orleans.Storage;

namespace ControlPlane.Benchmarks.Pipeline;

/// <summary>The default model of the default step after two days, so that every part of it works.</summary>
internal static class WarmModel
{
    private static readonly TimeSpan Learnt = TimeSpan.FromDays(2);

    public static byte[] Train(DateTimeOffset until)
    {
        var catalog = ForecasterCatalog.OfProgram();
        var model = catalog.CreateDefault(PolicyDocument.DefaultStep);
        model.Follow((int)Math.Ceiling(Fleet.Policy.Predictive.LeadTime / PolicyDocument.DefaultStep));
        for (var time = until - Learnt; time <= until; time += PolicyDocument.DefaultStep) model.Fit(time, [Fleet.Demand(0, time)]);
        return catalog.Save(model);
    }
}

/// <summary>Gives predictors that have stored nothing yet the warm model; everything else goes to the storage behind it.</summary>
internal sealed class WarmStorage(IGrainStorage inner, ImmutableArray<byte> model) : IGrainStorage
{
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await inner.ReadStateAsync(stateName, grainId, grainState);
        if (grainState is IGrainState<PredictorState> { RecordExists: false } predictor) predictor.State = new PredictorState { Model = model };
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.WriteStateAsync(stateName, grainId, grainState);

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ClearStateAsync(stateName, grainId, grainState);
}
