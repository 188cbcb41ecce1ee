using System.Collections.Immutable;
using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Core.Metrics;
using ControlPlane.GrainInterfaces;
using ControlPlane.Grains.Models;
using ControlPlane.Grains.Work;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Grains.Prediction;

/// <summary>
/// The models of one workload: the one that speaks, the one that learns the service's history to speak next, and the one in shadow. What the registry
/// wishes is followed after the answer of a step was given, and a new champion speaks only once it is ready.
/// </summary>
internal sealed partial class ModelStand(
    string workload, ForecasterCatalog catalog, ModelShelf shelf, IBackgroundWork work, IGrainFactory grains, ILogger logger)
{
    private const int StepsBetweenTries = 20;
    private const int MostReports = 8;
    private const int LongestMessage = 200;
    private readonly CancellationTokenSource _end = new();
    private readonly List<ShadowReport> _reports = [];
    private readonly HashSet<ModelId> _failed = [];
    private ServedModel? _current;
    private ServedModel? _next;
    private ModelShadow? _shadow;
    private Loading? _nextLoading;
    private Loading? _shadowLoading;
    private ModelLineup? _followed;
    private Task? _following;
    private bool _triedHistory;
    private int _leadSteps = 1;
    private int _pause;

    /// <summary>The model that speaks; null before the first step.</summary>
    public ServedModel? Current
    {
        get => _current;
        init => _current = value;
    }

    /// <summary>Whether <see cref="Follow"/> has something to do.</summary>
    public bool HasWork => _reports.Count > 0 || shelf.IsStale || !ReferenceEquals(shelf.Lineup, _followed);

    /// <summary>Ends what runs for it.</summary>
    public void Stop() => _end.Cancel();

    /// <summary>Learns a step and answers it.</summary>
    /// <param name="observation">The step.</param>
    /// <param name="leadSteps">Steps from a decision to a ready pod.</param>
    /// <param name="horizon">Steps to look ahead.</param>
    public Forecast Step(Observation observation, int leadSteps, int horizon)
    {
        if (_current?.StepTime != observation.Step) StartOver(observation.Step);
        _leadSteps = leadSteps;
        TakeLoaded();
        _current!.Follow(leadSteps);
        _next?.Follow(leadSteps);
        _shadow?.Model.Follow(leadSteps);
        var forecast = Speak(_current, observation, horizon) ?? Recover(observation);
        if (_next is { } next) forecast = Succeed(next, observation, horizon, forecast);
        if (_shadow?.Step(observation, forecast, horizon) is { } report) Send(report);
        return forecast;
    }

    /// <summary>
    /// Asks for the line-up when it is time, begins what it wishes, and sends what there is to report, without waiting for it: a registry that does not
    /// answer delays no forecast. One call is under way at a time; what fails is tried again later.
    /// </summary>
    public void Follow(TimeSpan step)
    {
        if (_following is { IsCompleted: false }) return;
        if (_pause > 0) _pause--;
        else _following = FollowNow(step);
    }

    private async Task FollowNow(TimeSpan step)
    {
        try
        {
            if (shelf.IsStale) await shelf.Follow(grains);
            while (_reports.Count > 0) await SendFirst();
            if (shelf.Lineup is { } lineup && !ReferenceEquals(lineup, _followed)) await Adopt(lineup, step);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            (_followed, _pause) = (null, StepsBetweenTries);
            LogNotFollowed(e, workload);
        }
    }

    /// <summary>What to tell of a failure.</summary>
    public static string Describe(Exception e)
    {
        var text = $"{e.GetType().Name}: {e.Message}";
        return text.Length <= LongestMessage ? text : text[..LongestMessage];
    }

    private void StartOver(TimeSpan step)
    {
        _current = catalog.CreateDefault(step);
        (_next, _shadow, _nextLoading, _shadowLoading, _followed, _triedHistory) = (null, null, null, null, null, false);
    }

    private Forecast? Speak(ServedModel model, Observation observation, int horizon)
    {
        try
        {
            return model.Step(observation, horizon);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogModelFailed(e, model.Id, workload);
            if (model.Id != catalog.DefaultAt(model.StepTime))
            {
                _failed.Add(model.Id);
                Send(new ShadowReport { Trial = 0, Workload = workload, Block = 0, Failed = model.Id, Failure = Describe(e) });
            }
            return null;
        }
    }

    /// <summary>The model that spoke failed: the one in shadow takes over if it was its predecessor, else the default begins anew.</summary>
    private Forecast Recover(Observation observation)
    {
        var failed = _current!;
        _current = _shadow is { } shadow && shadow.Model.Id == catalog.DefaultAt(observation.Step) ? shadow.Model : catalog.CreateDefault(observation.Step);
        (_shadow, _followed) = (null, null);
        return failed.Failed(observation);
    }

    /// <summary>The successor learns, and speaks as soon as it can.</summary>
    private Forecast Succeed(ServedModel next, Observation observation, int horizon, Forecast spoken)
    {
        if (Speak(next, observation, horizon) is not { } forecast)
        {
            _next = null;
            return spoken;
        }
        if (forecast.Status != ForecastStatus.Ready) return spoken;
        LogSwitched(workload, _current!.Id, next.Id);
        (_current, _next) = (next, null);
        return forecast;
    }

    private void Send(ShadowReport report)
    {
        if (report.Failed is not null && report.Failed == _shadow?.Model.Id)
        {
            LogShadowFailed(workload, report.Failed, report.Failure!);
            _failed.Add(report.Failed);
            _shadow = null;
        }
        if (_reports.Count == MostReports) _reports.RemoveAt(0);
        _reports.Add(report);
    }

    private async Task SendFirst()
    {
        var report = _reports[0];
        var outcome = await grains.GetGrain<IModelRegistryGrain>(ModelSlots.Demand).Report(report);
        _reports.Remove(report);
        if (outcome is ReportOutcome.Outdated or ReportOutcome.Refused || report.Failed is not null) shelf.Expire();
        if (outcome == ReportOutcome.Refused && _shadow?.Trial == report.Trial) _shadow = null;
    }

    private async Task Adopt(ModelLineup lineup, TimeSpan step)
    {
        // Steps go on at every await: what they find wrong meanwhile asks for the line-up to be followed anew.
        _followed = lineup;
        var standard = catalog.DefaultAt(step);
        var champion = lineup.Champion is { } wished ? catalog.At(wished, step) : standard;
        var before = _current!;
        var target = _failed.Contains(champion) ? standard : champion;
        if (_failed.Contains(target)) (_next, _nextLoading) = (null, null);
        else if (target == before.Id) (_next, _nextLoading) = (null, await LoadLost(before, step));
        else if (_shadow?.Model.Id == target) (_current, _next, _nextLoading) = (_shadow.Model, null, null);
        else if (_next?.Id != target && _nextLoading?.Id != target) (_next, _nextLoading) = (null, Load(await Prepare(target, step)));
        await AdoptShadow(lineup, champion, before, step);
    }

    private async Task AdoptShadow(ModelLineup lineup, ModelId champion, ServedModel before, TimeSpan step)
    {
        var wanted = lineup.Includes(workload) ? catalog.At(lineup.Shadow!, step) : null;
        if (wanted is not null && _failed.Contains(wanted)) wanted = null;
        if (wanted is not null && _shadow?.Trial == lineup.Trial && _shadow.Model.Id == wanted) return;
        (_shadow, _shadowLoading) = (null, null);
        if (wanted is null) return;
        // The champion that was replaced has learnt all there is.
        if (wanted == before.Id && _current != before) _shadow = new ModelShadow(before, champion, lineup);
        else _shadowLoading = Load(await Prepare(wanted, step), lineup, champion);
    }

    /// <summary>A model that was lost learns its service's past again, if there is one.</summary>
    private async Task<Loading?> LoadLost(ServedModel model, TimeSpan step)
    {
        if (model.Status != ForecastStatus.WarmingUp || _triedHistory) return null;
        _triedHistory = true;
        var prepared = await Prepare(model.Id, step);
        return WarmStart.IsWorthwhile(prepared.History) ? Load(prepared) : null;
    }

    private async Task<(ServedModel Model, ImmutableArray<HistoryPart> History)> Prepare(ModelId id, TimeSpan step)
    {
        var artifact = catalog.BuiltIns.Contains(id) ? null : await shelf.Artifact(grains, id);
        var history = await grains.GetGrain<IServiceGrain>(workload).GetHistory(WarmStart.Span);
        var model = catalog.Create(id, artifact, step);
        model.Follow(_leadSteps);
        return (model, history);
    }

    /// <summary>Lets a model learn the service's history outside the turn.</summary>
    private Loading Load((ServedModel Model, ImmutableArray<HistoryPart> History) prepared, ModelLineup? lineup = null, ModelId? champion = null)
    {
        var (model, history) = prepared;
        var running = WarmStart.IsWorthwhile(history)
            ? work.Run(new WorkRequest($"{model.Id} learning the history of {workload}", WarmStart.EstimatedBytes), budget => WarmStart.Fit(model, history, budget), _end.Token)
            : Task.FromResult(new WorkOutcome<ServedModel>(WorkStatus.Completed, model, null));
        return new Loading(model.Id, running, lineup, champion);
    }

    private void TakeLoaded()
    {
        if (_nextLoading is { Running.IsCompleted: true } next)
        {
            _nextLoading = null;
            _next = Result(next);
        }
        if (_shadowLoading is { Running.IsCompleted: true } shadow)
        {
            _shadowLoading = null;
            if (Result(shadow) is { } model) _shadow = new ModelShadow(model, shadow.Champion!, shadow.Lineup!);
        }
    }

    /// <summary>The model, or null: then it is tried again later, unless it is the model's own fault.</summary>
    private ServedModel? Result(Loading loading)
    {
        var outcome = loading.Running.Result;
        if (outcome.Value is { } model)
        {
            if (model.StepTime == _current!.StepTime) return model;
            // The policy's step changed while it learnt.
            _followed = null;
            return null;
        }
        LogNotLoaded(workload, loading.Id, outcome.Error!);
        if (outcome.Status == WorkStatus.Failed)
        {
            _failed.Add(loading.Id);
            Send(new ShadowReport { Trial = loading.Lineup?.Trial ?? 0, Workload = workload, Block = 0, Failed = loading.Id, Failure = outcome.Error });
            return null;
        }
        (_followed, _pause) = (null, StepsBetweenTries);
        return null;
    }

    private sealed record Loading(ModelId Id, Task<WorkOutcome<ServedModel>> Running, ModelLineup? Lineup, ModelId? Champion);

    [LoggerMessage(1301, LogLevel.Warning, "The model {Model} of {Workload} failed; the reactive reference decides")]
    private partial void LogModelFailed(Exception exception, ModelId model, string workload);

    [LoggerMessage(1304, LogLevel.Information, "{Workload} is now forecast by {Next}, no longer by {Before}")]
    private partial void LogSwitched(string workload, ModelId before, ModelId next);

    [LoggerMessage(1305, LogLevel.Warning, "The model {Model} in shadow on {Workload} failed and is dropped: {Failure}")]
    private partial void LogShadowFailed(string workload, ModelId model, string failure);

    [LoggerMessage(1306, LogLevel.Warning, "{Workload} does not get the model {Model} now: {Failure}")]
    private partial void LogNotLoaded(string workload, ModelId model, string failure);

    [LoggerMessage(1307, LogLevel.Warning, "{Workload} cannot follow the registry of models now; it goes on as it is")]
    private partial void LogNotFollowed(Exception exception, string workload);
}
