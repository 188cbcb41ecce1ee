using System.Collections.Immutable;
using ControlPlane.Core.Forecasting.Models;
using ControlPlane.GrainInterfaces;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace ControlPlane.Grains.Models;

/// <summary>
/// Keeps versions, trials and scores. What changes the line-up is stored at once; counted reports are stored at checkpoints, so that a crash takes at
/// most what was counted since. Ticks only while a challenger waits or a trial runs.
/// </summary>
[GrainType("model-registry")]
public sealed partial class ModelRegistryGrain(
    [PersistentState("models", StorageNames.Grains)] IPersistentState<ModelRegistryState> state,
    ForecasterCatalog catalog,
    PromotionOptions options,
    TimeProvider time,
    ILogger<ModelRegistryGrain> logger) : Grain, IModelRegistryGrain
{
    private static readonly TimeSpan TickPeriod = TimeSpan.FromMinutes(1);
    private Checkpoint _checkpoint = null!;
    private ModelRegistryState _current = new();
    private IGrainTimer? _timer;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _checkpoint = new Checkpoint(this.GetPrimaryKeyString(), time);
        Adopt(ModelRegistry.Open(state.State, catalog.BuiltIns, time.GetUtcNow()));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        _checkpoint?.IsWantedAtEnd(reason) == true ? Save() : Task.CompletedTask;

    /// <inheritdoc/>
    public Task<ModelLineup> GetLineup() => Task.FromResult(_current.Lineup(options));

    /// <inheritdoc/>
    public Task<ModelRegistryState> GetState() => Task.FromResult(_current);

    /// <inheritdoc/>
    public async Task<ModelAdmission> Register(ImmutableArray<byte> artifact, bool isChallenger)
    {
        ModelArtifact read;
        try
        {
            read = ModelArtifact.Load(artifact.AsSpan());
            catalog.Create(read.Id, read, TimeSpan.FromMinutes(1));
        }
        catch (InvalidDataException e)
        {
            return new ModelAdmission { Refusal = e.Message };
        }
        var (next, refusal) = ModelRegistry.Register(_current, read, artifact.Length, isChallenger, time.GetUtcNow(), options);
        if (refusal is not null) return new ModelAdmission { Model = read.Id, Refusal = refusal };
        if (!await GrainFactory.GetGrain<IModelArtifactGrain>(read.Id.ToString()).Put(artifact))
            return new ModelAdmission { Model = read.Id, Refusal = $"another artifact of {read.Id} is stored already; versions are not used twice" };
        await Store(ModelRegistry.StartNext(next, await CountServices(), time.GetUtcNow(), options));
        return new ModelAdmission { Model = read.Id };
    }

    /// <inheritdoc/>
    public async Task<ModelAdmission> Challenge(ModelId model)
    {
        var services = await CountServices();
        var (next, refusal) = ModelRegistry.Challenge(_current, model, options);
        return await Done(model, ModelRegistry.StartNext(next, services, time.GetUtcNow(), options), refusal);
    }

    /// <inheritdoc/>
    public async Task<ModelAdmission> Promote(ModelId model, string reason)
    {
        var services = await CountServices();
        var (next, refusal) = ModelRegistry.Promote(_current, model, reason, services, time.GetUtcNow(), options);
        return await Done(model, next, refusal);
    }

    /// <inheritdoc/>
    public async Task<ModelAdmission> RollBack(string reason)
    {
        var (next, refusal) = ModelRegistry.RollBack(_current, catalog.BuiltIns[0], reason, time.GetUtcNow());
        return await Done(next.Champion!, next, refusal);
    }

    /// <inheritdoc/>
    public async Task<ReportOutcome> Report(ShadowReport report)
    {
        var now = time.GetUtcNow();
        if (report.Failed is not null)
        {
            var (after, outcome) = ModelRegistry.Fail(_current, report, catalog.BuiltIns[0], now);
            if (outcome == ReportOutcome.Counted) await Store(after);
            return outcome;
        }
        var (counted, result) = ModelRegistry.Count(_current, report, now, options);
        if (result != ReportOutcome.Counted) return result;
        _current = counted;
        _checkpoint.Changed();
        await LookOrSave();
        return result;
    }

    private async Task<ModelAdmission> Done(ModelId model, ModelRegistryState next, string? refusal)
    {
        if (refusal is null) await Store(next);
        return new ModelAdmission { Model = model, Refusal = refusal };
    }

    /// <summary>Goes on once it is stored; when that fails the state stays what it was and the failure goes to the caller.</summary>
    private async Task Store(ModelRegistryState next)
    {
        await state.Replace(next);
        _checkpoint.Done(isStored: true);
        if (next.Revision != _current.Revision) LogLineup(next.Champion!, next.Trial?.Shadow, next.Audit[^1].Reason);
        Adopt(next);
    }

    private void Adopt(ModelRegistryState next)
    {
        _current = next;
        var isBusy = next.Trial is not null || !next.Queue.IsEmpty;
        if (isBusy)
        {
            _timer ??= this.RegisterGrainTimer(_ => Tick(), new GrainTimerCreationOptions(TickPeriod, TickPeriod));
            return;
        }
        _timer?.Dispose();
        _timer = null;
    }

    private async Task Tick()
    {
        if (_current.Trial is null && !_current.Queue.IsEmpty) await StartNext();
        else await LookOrSave();
    }

    private async Task StartNext()
    {
        try
        {
            await Store(ModelRegistry.StartNext(_current, await CountServices(), time.GetUtcNow(), options));
        }
        catch (Exception e) when (e is OrleansException and not Orleans.Storage.InconsistentStateException or TimeoutException)
        {
            // The next tick tries again.
            LogNotSaved(e);
        }
    }

    /// <summary>Takes the look that is due and stores what it changes; else stores at a checkpoint.</summary>
    private async Task LookOrSave()
    {
        var looked = ModelRegistry.Look(_current, time.GetUtcNow(), options);
        if (ReferenceEquals(looked, _current))
        {
            if (_checkpoint.IsDue) await Save();
            return;
        }
        try
        {
            await Store(looked);
        }
        catch (OrleansException e) when (e is not Orleans.Storage.InconsistentStateException)
        {
            // What was counted stays; the look is due again at the next report or tick.
            LogNotSaved(e);
        }
    }

    private async Task Save()
    {
        var failure = await state.TryStore(_current, kept: _current);
        if (failure is not null) LogNotSaved(failure);
        _checkpoint.Done(failure is null);
    }

    private async Task<int> CountServices() => (await GrainFactory.ListWorkloads("")).Length;

    [LoggerMessage(1501, LogLevel.Information, "The champion is {Champion}, in shadow is {Shadow}: {Reason}")]
    private partial void LogLineup(ModelId champion, ModelId? shadow, string reason);

    [LoggerMessage(1502, LogLevel.Warning, "The registry of models was not stored; it goes on from memory")]
    private partial void LogNotSaved(Exception exception);
}
