using System.Collections.Immutable;
using ControlPlane.Core.Anomalies;
using ControlPlane.Core.Anomalies.Health;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Metrics.Filters;
using ControlPlane.Core.Scaling;
using ControlPlane.Core.Scaling.Removal;
using ControlPlane.Core.Workloads;
using ControlPlane.GrainInterfaces;
using ControlPlane.Kubernetes;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace ControlPlane.Grains.Services;

/// <summary>
/// Observes one workload: at the end of every step it asks the collector, adds what was pushed, and publishes the step. Silence is
/// published too, as missing signals.
/// </summary>
[GrainType("service")]
[ImplicitStreamSubscription(StreamNames.Actuations)]
[ImplicitStreamSubscription(StreamNames.Anomalies)]
[ImplicitStreamSubscription(StreamNames.Policies)]
public sealed partial class ServiceGrain(
    [PersistentState("service", StorageNames.Grains)] IPersistentState<ServiceState> state,
    IWorkloadCollector collector,
    IntakeOptions intake,
    TimeProvider time,
    ILogger<ServiceGrain> logger) : Grain, IServiceGrain, IStreamSubscriptionObserver
{
    private readonly HealthMonitor _monitor = new();
    private readonly ConnectionBook _connections = new();
    private ObservationBuilder _builder = null!;
    private MetricWindow _demand = null!;
    private StepDuties<Observation> _duties = null!;
    private IGrainTimer? _timer;
    private DateTimeOffset _startedAfter;
    private Observation? _latest;
    private ImmutableArray<string> _problems = [];
    private ActuationResult? _actuation;
    private AnomalyReport? _anomaly;

    private TimeSpan Step => _duties.Policy.Current.Step;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _duties = await StepDuties<Observation>.TakeUp(this, GrainFactory, time, StreamNames.Observations);
        Restore();
        // The step that ended last may be nobody's, as after the loss of a silo: it is closed at once. Consumers drop what they have already.
        if (state.State.Spec is not null) StartTimer(StepEnd(time.GetUtcNow()) - Step, TimeSpan.Zero);
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        state.State.Spec is { } spec && _duties?.Checkpoint.IsWantedAtEnd(reason) == true ? Save(spec) : Task.CompletedTask;

    /// <inheritdoc/>
    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.StreamId.GetNamespace() switch
    {
        StreamNames.Actuations => handleFactory.Create<ActuationResult>().ResumeAsync((result, _) => OnActuation(result)),
        StreamNames.Anomalies => handleFactory.Create<AnomalyReport>().ResumeAsync((report, _) => OnAnomaly(report)),
        StreamNames.Policies => handleFactory.Create<PolicyChange>().ResumeAsync((_, _) => OnPolicy()),
        _ => Task.CompletedTask,
    };

    /// <inheritdoc/>
    public async Task Register(WorkloadSpec spec)
    {
        await state.Replace(Snapshot(spec));
        state.State = new ServiceState { Spec = spec };
        StartTimer(StepEnd(time.GetUtcNow()), UntilStepEnd());
        LogRegistered(spec.Id);
    }

    /// <inheritdoc/>
    public async Task Unregister()
    {
        await state.Replace(new ServiceState());
        _timer?.Dispose();
        _timer = null;
        LogUnregistered(this.GetPrimaryKeyString());
        DeactivateOnIdle();
    }

    /// <inheritdoc/>
    public Task<IngestResult> Ingest(ImmutableArray<MetricSample> samples)
    {
        var now = time.GetUtcNow();
        var accepted = samples.Count(sample => Push(sample, now) == SampleOutcome.Accepted);
        return Task.FromResult(new IngestResult { Accepted = accepted, Rejected = samples.Length - accepted });
    }

    /// <inheritdoc/>
    public Task<RemovalHints> GetRemovalHints() => Task.FromResult(new RemovalHints
    {
        Faults = _latest?.Health?.Faults ?? [],
        Connections = _connections.Newest(time.GetUtcNow()),
    });

    /// <inheritdoc/>
    public Task<bool> EnsureActive() => Task.FromResult(state.State.Spec is not null);

    /// <inheritdoc/>
    public Task<WorkloadSpec?> GetSpec() => Task.FromResult(state.State.Spec);

    /// <inheritdoc/>
    public Task<ServiceSnapshot> GetSnapshot() => Task.FromResult(new ServiceSnapshot
    {
        Spec = state.State.Spec,
        Observation = _latest,
        Problems = _problems,
        Actuation = _actuation,
        Anomaly = _anomaly,
    });

    /// <inheritdoc/>
    public Task<ServiceSnapshot> GetState() => GetSnapshot();

    /// <inheritdoc/>
    public Task<ImmutableArray<DemandPoint>> GetDemand(int count)
    {
        if (_demand.Newest is not { } newest) return Task.FromResult(ImmutableArray<DemandPoint>.Empty);
        var points = _demand.Read(newest - _demand.Step * Math.Clamp(count, 1, 4096), newest, _demand.Step);
        return Task.FromResult(points.Select(p => new DemandPoint { Time = p.Time, Demand = p.Value }).ToImmutableArray());
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<HistoryPart>> GetHistory(TimeSpan span) => Task.FromResult(DemandHistory.Of(_demand, span));

    private SampleOutcome Push(MetricSample sample, DateTimeOffset now)
    {
        var outcome = _builder.Push(sample, OpenStepStart(now), now);
        if (outcome == SampleOutcome.Accepted) _connections.Note(sample);
        return outcome;
    }

    /// <summary>One tick of the timer, which is then set to the end of the next step: periods would drift by what a tick takes.</summary>
    private async Task Tick(CancellationToken cancellationToken)
    {
        try
        {
            await CloseStep(cancellationToken);
        }
        finally
        {
            _timer?.Change(UntilStepEnd(), Timeout.InfiniteTimeSpan);
        }
    }

    private async Task CloseStep(CancellationToken cancellationToken)
    {
        var end = StepEnd(time.GetUtcNow());
        // A timer may come a moment before the step that it was set for is over.
        if (state.State.Spec is not { } spec || end <= (_latest?.Time ?? _startedAfter)) return;
        var reading = await collector.CollectAsync(spec, cancellationToken);
        var observation = Watch(Observer.Step(_builder, spec.Id, end, _duties.Policy.Current, reading), reading);
        _problems = reading.Problems;
        _latest = observation;
        _demand.Add(observation.Time, observation.Demand);
        _duties.Checkpoint.Changed();
        await _duties.Output.OnNextAsync(observation);
        await _duties.Policy.OnStep();
        FollowStep();
        if (_duties.Checkpoint.IsDue) await Save(spec);
    }

    /// <summary>Adds what is wrong with the workload and its pods.</summary>
    private Observation Watch(Observation observation, WorkloadReading reading)
    {
        var health = _monitor.Update(observation, reading, _duties.Policy.Current.Objective);
        if (health.IsHealthy) return observation;
        if (health.Reports(observation.Workload, observation.Time) is [var worst, ..]) _anomaly = worst;
        return observation with { Health = health };
    }

    /// <summary>Closes steps from now on.</summary>
    /// <param name="after">Steps that end by then are not this activation's.</param>
    /// <param name="due">Time to the first tick.</param>
    private void StartTimer(DateTimeOffset after, TimeSpan due)
    {
        if (_timer is not null) return;
        _startedAfter = after;
        _timer = this.RegisterGrainTimer(Tick, new GrainTimerCreationOptions(due, Timeout.InfiniteTimeSpan) { KeepAlive = true });
    }

    private TimeSpan UntilStepEnd()
    {
        var now = time.GetUtcNow();
        return StepEnd(now) + Step - now;
    }

    /// <summary>The policy changed the step: the window starts anew at it.</summary>
    private void FollowStep()
    {
        if (_demand.Step == Step) return;
        _demand = new MetricWindow(Step);
        _timer?.Change(UntilStepEnd(), Timeout.InfiniteTimeSpan);
    }

    /// <summary>End of the newest step that is over.</summary>
    private DateTimeOffset StepEnd(DateTimeOffset now) => new(now.UtcTicks - now.UtcTicks % Step.Ticks, TimeSpan.Zero);

    private DateTimeOffset OpenStepStart(DateTimeOffset now) => _latest?.Time ?? StepEnd(now);

    private Task OnActuation(ActuationResult result)
    {
        if (!(result.Time < _actuation?.Time)) _actuation = result;
        return Task.CompletedTask;
    }

    private Task OnAnomaly(AnomalyReport report)
    {
        if (!(report.Time < _anomaly?.Time)) _anomaly = report;
        return Task.CompletedTask;
    }

    private async Task OnPolicy()
    {
        await _duties.Policy.Refresh();
        FollowStep();
    }

    private void Restore()
    {
        _builder = new ObservationBuilder(intake);
        _demand = new MetricWindow(Step);
        var (window, filters) = (state.State.Window, state.State.Filters);
        if (window.IsDefaultOrEmpty || filters.IsDefaultOrEmpty) return;
        state.State = new ServiceState { Spec = state.State.Spec };
        try
        {
            _builder = ObservationBuilder.Load(filters.AsSpan(), intake);
            var stored = MetricWindow.Load(window.AsSpan());
            if (stored.Step == Step) _demand = stored;
        }
        catch (InvalidDataException e)
        {
            LogNotRestored(e, this.GetPrimaryKeyString());
        }
    }

    private async Task Save(WorkloadSpec spec)
    {
        var failure = await state.TryStore(Snapshot(spec), kept: new ServiceState { Spec = spec });
        if (failure is not null) LogNotSaved(failure, this.GetPrimaryKeyString());
        _duties.Checkpoint.Done(failure is null);
    }

    private ServiceState Snapshot(WorkloadSpec spec) => new() { Spec = spec, Window = _demand.Save(), Filters = _builder.Save() };

    [LoggerMessage(1401, LogLevel.Information, "Registered {Workload}")]
    private partial void LogRegistered(WorkloadId workload);

    [LoggerMessage(1402, LogLevel.Information, "Unregistered {Workload}")]
    private partial void LogUnregistered(string workload);

    [LoggerMessage(1403, LogLevel.Warning, "The stored window of {Workload} is not readable; a new one starts")]
    private partial void LogNotRestored(Exception exception, string workload);

    [LoggerMessage(1404, LogLevel.Warning, "The window of {Workload} was not stored; it goes on from memory")]
    private partial void LogNotSaved(Exception exception, string workload);
}
