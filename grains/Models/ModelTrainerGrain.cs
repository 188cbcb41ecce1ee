using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Core.Metrics;
using ControlPlane.GrainInterfaces;
using ControlPlane.Grains.Work;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace ControlPlane.Grains.Models;

/// <summary>
/// Reads windows, lets the trainer work on them in the background, looks now and then whether it is done, and registers the result. Whatever happens to a
/// training, the models in use go on; one that its silo took along is forgotten and can be started again.
/// </summary>
[GrainType("model-trainer")]
public sealed partial class ModelTrainerGrain(
    IEnumerable<IModelTrainer> trainers, IBackgroundWork work, TimeProvider time, ILogger<ModelTrainerGrain> logger) : Grain, IModelTrainerGrain
{
    /// <summary>Most services that one training reads.</summary>
    public const int MostServices = 16;

    private static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Span = TimeSpan.FromDays(14);
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(5);
    private TrainingStatus _status = new() { State = TrainingState.Idle };
    private Task<WorkOutcome<ModelArtifact>>? _running;
    private CancellationTokenSource _end = new();
    private IGrainTimer? _timer;

    private string Model => this.GetPrimaryKeyString();

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _end.Cancel();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<TrainingStatus> Start(ImmutableArray<string> workloads)
    {
        if (_running is not null) return _status;
        if (trainers.FirstOrDefault(t => t.Model == Model) is not { } trainer) return Set(TrainingState.Failed, null, $"no trainer for the model '{Model}'");
        if (workloads.Length > MostServices) return Set(TrainingState.Failed, null, $"{workloads.Length} services; at most {MostServices} are read");
        var registry = GrainFactory.GetGrain<IModelRegistryGrain>(ModelSlots.Demand);
        var id = ModelVersions.Next(await registry.GetState(), Model);
        var series = await Read(workloads.IsEmpty ? await Sample() : workloads);
        if (series.IsEmpty) return Set(TrainingState.Failed, id, "no service has a history yet");
        var request = new TrainingRequest { Id = id, Step = Step, Series = series };
        _end = new CancellationTokenSource();
        _running = work.Run(new WorkRequest($"training of {id}", trainer.EstimateBytes(request)), budget => trainer.Train(request, budget), _end.Token);
        _timer = this.RegisterGrainTimer(_ => Look(), new GrainTimerCreationOptions(LookPeriod, LookPeriod) { KeepAlive = true });
        LogStarted(id, series.Length);
        return Set(TrainingState.Running, id, $"on {series.Length} services");
    }

    /// <inheritdoc/>
    public Task<TrainingStatus> Cancel()
    {
        _end.Cancel();
        return Task.FromResult(_status);
    }

    /// <inheritdoc/>
    public Task<TrainingStatus> GetStatus() => Task.FromResult(_status);

    private async Task Look()
    {
        if (_running is not { IsCompleted: true } done) return;
        var id = _status.Model!;
        var outcome = await done;
        try
        {
            await Finish(id, outcome);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            // The registry may have taken it; it says so the next time.
            LogNotRegistered(e, id);
            return;
        }
        _running = null;
        _timer?.Dispose();
        _timer = null;
    }

    private async Task Finish(ModelId id, WorkOutcome<ModelArtifact> outcome)
    {
        if (outcome.Value is not { } artifact)
        {
            LogEnded(id, outcome.Error!);
            Set(outcome.Status == WorkStatus.Cancelled ? TrainingState.Cancelled : TrainingState.Failed, id, outcome.Error!);
            return;
        }
        var registry = GrainFactory.GetGrain<IModelRegistryGrain>(ModelSlots.Demand);
        var refusal = Bytes(artifact) is { } bytes ? (await registry.Register(bytes, isChallenger: true)).Refusal : "the trainer's artifact is not valid";
        var isThere = refusal is null || (await registry.GetState()).Find(id) is not null;
        if (!isThere) LogEnded(id, refusal!);
        Set(isThere ? TrainingState.Succeeded : TrainingState.Failed, id, isThere ? "registered as a challenger" : refusal!);
    }

    private static ImmutableArray<byte>? Bytes(ModelArtifact artifact)
    {
        try
        {
            return ImmutableCollectionsMarshal.AsImmutableArray(artifact.Save());
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>A spread of all services: every n-th of the sorted list.</summary>
    private async Task<ImmutableArray<string>> Sample()
    {
        var all = await GrainFactory.ListWorkloads("");
        var count = Math.Min(MostServices, all.Length);
        return [.. Enumerable.Range(0, count).Select(i => all[(int)((long)i * all.Length / count)].ToString())];
    }

    private async Task<ImmutableArray<TrainingSeries>> Read(ImmutableArray<string> workloads)
    {
        var series = ImmutableArray.CreateBuilder<TrainingSeries>();
        foreach (var workload in workloads)
        {
            var (first, values) = DemandHistory.At(await GrainFactory.GetGrain<IServiceGrain>(workload).GetHistory(Span), Step);
            if (!values.IsEmpty) series.Add(new TrainingSeries(workload, first, values));
        }
        return series.ToImmutable();
    }

    private TrainingStatus Set(TrainingState state, ModelId? model, string message) =>
        _status = new TrainingStatus { State = state, Model = model, Since = time.GetUtcNow(), Message = message };

    [LoggerMessage(1601, LogLevel.Information, "Training {Model} on {Services} services")]
    private partial void LogStarted(ModelId model, int services);

    [LoggerMessage(1602, LogLevel.Warning, "The training of {Model} gave no new version: {Reason}")]
    private partial void LogEnded(ModelId model, string reason);

    [LoggerMessage(1603, LogLevel.Warning, "{Model} was trained, but the registry cannot be reached; it is tried again")]
    private partial void LogNotRegistered(Exception exception, ModelId model);
}
