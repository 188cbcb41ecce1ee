using System.Runtime.ExceptionServices;
using ControlPlane.Embedded.Hosting;
using ControlPlane.Embedded.Runtime;
using ControlPlane.Embedded.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Hosting;

namespace ControlPlane.Embedded.Virtual;

/// <summary>A virtual run as its body sees it.</summary>
public sealed class VirtualContext
{
    private readonly Action<ISiloBuilder> _configure;
    private readonly VirtualClock _clock;
    private readonly VirtualTrace _trace;
    private readonly VirtualScheduler _scheduler;
    private readonly MemoryStorageMedium _medium = new();
    private Engine _engine = null!;
    private VirtualFaults _faults = null!;
    private VirtualTimeProvider _engineTime = null!;
    private int _drivers;
    private bool _done;
    private ExceptionDispatchInfo? _failure;

    internal VirtualContext(long seed, Action<ISiloBuilder> configure, VirtualClusterOptions options)
    {
        var random = new SplitMix(unchecked((ulong)seed));
        Seed = seed;
        _configure = configure;
        _clock = new VirtualClock(options.StartTime);
        _trace = new VirtualTrace(options.KeepsTraceLines, () => _clock.Elapsed);
        _scheduler = new VirtualScheduler(random.Fork(), _clock, _trace, options.MaxTurns);
        Faults = new FaultPlan(random.Fork());
        Random = new VirtualRandom(_scheduler, random.Fork());
        TimeProvider = new VirtualTimeProvider(_scheduler, _clock);
        Boot();
    }

    /// <summary>The run's seed.</summary>
    public long Seed { get; }

    /// <summary>Makes references to grains. Take it anew after a crash.</summary>
    public IGrainFactory GrainFactory => _engine.GrainFactory;

    /// <summary>Access to grains and streams. Take it anew after a crash.</summary>
    public IClusterClient Client => _engine.GrainFactory;

    /// <summary>The services. Take them anew after a crash.</summary>
    public IServiceProvider Services => _engine.Services;

    /// <summary>The virtual clock and timers; those of the body go on when the engine crashes.</summary>
    public TimeProvider TimeProvider { get; }

    /// <summary>Random numbers for the body.</summary>
    public Random Random { get; }

    /// <summary>What goes wrong.</summary>
    public FaultPlan Faults { get; }

    /// <summary>The number of activations of the program's grains.</summary>
    public int Activations => _engine.Catalog.Snapshot().Count(static activation => activation.Class.Type != typeof(Reminders.ReminderTableGrain));

    /// <summary>The fingerprint of what was done so far.</summary>
    public ulong TraceHash => _trace.Hash;

    /// <summary>Lets time pass.</summary>
    /// <param name="time">How much.</param>
    /// <returns>A task that ends then.</returns>
    public Task AdvanceAsync(TimeSpan time)
    {
        // Not Task.Delay: that takes less than a millisecond for nothing.
        var done = new TaskCompletionSource();
        TimeProvider.CreateTimer(static done => ((TaskCompletionSource)done!).TrySetResult(), done, time, Timeout.InfiniteTimeSpan);
        return done.Task;
    }

    /// <summary>Puts a line of the body's own into the trace, so that two runs differ if it does.</summary>
    /// <param name="text">The line.</param>
    public void Note(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        _scheduler.CheckThread();
        _trace.Note(text);
    }

    /// <summary>Runs a loop beside the body, in turns of its own. It ends with the run; if it fails, so does the run.</summary>
    /// <param name="loop">The loop.</param>
    /// <returns>A task that ends with the loop.</returns>
    public Task Start(Func<Task> loop)
    {
        ArgumentNullException.ThrowIfNull(loop);
        _scheduler.CheckThread();
        return Task.Factory.StartNew(() => Guard(loop), CancellationToken.None, TaskCreationOptions.None, new VirtualDriver(_scheduler, ++_drivers)).Unwrap();
    }

    /// <summary>Ends a grain's activation in the middle of what it does.</summary>
    /// <param name="grain">The grain.</param>
    /// <returns>Whether it had one.</returns>
    public bool Kill(IAddressable grain) => Strike(grain, FaultKind.KillActivation, activation => _faults.Kill(activation));

    /// <summary>Lets a grain's activation go on while the next call makes another.</summary>
    /// <param name="grain">The grain.</param>
    /// <returns>Whether it had one.</returns>
    public bool Abandon(IAddressable grain) => Strike(grain, FaultKind.AbandonActivation, activation => _faults.Abandon(activation));

    /// <summary>
    /// Ends the engine in the middle of what it does, with all activations, messages, events and timers, and starts another on the
    /// storage that is left. Calls that the body waits for fail.
    /// </summary>
    /// <returns>A task that ends when the new engine runs.</returns>
    public Task CrashAndRestartAsync()
    {
        _scheduler.CheckThread();
        _trace.Note("crash");
        return RestartAsync();
    }

    /// <summary>Ends the engine in good order, as the end of a host does, and starts another on the storage that is left.</summary>
    /// <returns>A task that ends when the new engine runs.</returns>
    public async Task StopAndRestartAsync()
    {
        _scheduler.CheckThread();
        _trace.Note("stop");
        foreach (var activation in _engine.BeginStop(CancellationToken.None))
        {
            // Comes back as a turn of the body, and so stays in virtual time.
            await activation.Deactivated;
        }

        await RestartAsync();
    }

    private async Task RestartAsync()
    {
        var orphans = _engine.Crash();
        _engineTime.Stop();
        _scheduler.Drop();
        foreach (var request in orphans)
        {
            PendingCalls.Remove(request);
            if (request.TryClose())
            {
                _scheduler.Answer(request, Task.FromException(new SiloUnavailableException($"The silo crashed before it answered {request.Target}.{request.Method}.")));
            }
        }

        Boot();
        await _engine.Reminders.StartAsync();
    }

    internal void Run(Func<VirtualContext, Task> body)
    {
        _ = Start(async () =>
        {
            await _engine.Reminders.StartAsync();
            await body(this);
            _done = true;
        });
        _scheduler.Run(() => _done || _failure is not null);
        _failure?.Throw();
        _engine.Dispose();
    }

    internal VirtualRunResult Result() => new()
    {
        Seed = Seed,
        TraceHash = _trace.Hash,
        Turns = _scheduler.Turns,
        Elapsed = TimeSpan.FromTicks(_clock.Elapsed),
        TraceLines = _trace.Lines,
    };

    private async Task Guard(Func<Task> loop)
    {
        try
        {
            await loop();
        }
        catch (Exception exception)
        {
            _failure ??= ExceptionDispatchInfo.Capture(exception);
        }
    }

    private bool Strike(IAddressable grain, FaultKind kind, Action<Activation> strike)
    {
        _scheduler.CheckThread();
        if (_engine.Catalog.Find(grain.GetGrainId()) is not { } activation)
        {
            return false;
        }

        Faults.Counted(kind);
        strike(activation);
        return true;
    }

    private void Boot()
    {
        _engineTime = new VirtualTimeProvider(_scheduler, _clock);
        _faults = new VirtualFaults(Faults, _engineTime, _trace);
        _scheduler.Faults = _faults;
        var services = new ServiceCollection();
        services.AddSingleton(_medium);
        services.AddSingleton(MakeEngine);
        EmbeddedServices.AddCore(services);
        _configure(new SiloBuilder(services, new ConfigurationBuilder().Build()));
        services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_engineTime));
        _engine = services.BuildServiceProvider().GetRequiredService<Engine>();
    }

    private Engine MakeEngine(IServiceProvider services)
    {
        var collection = services.GetRequiredService<IOptions<GrainCollectionOptions>>().Value;
        return new Engine(services, new EngineSettings
        {
            Scheduler = _scheduler,
            Time = _engineTime,
            GrainTypes = services.GetService<GrainTypeSelection>()?.Types ?? GrainClasses.FindAll(),
            ResponseTimeout = services.GetRequiredService<IOptions<SiloMessagingOptions>>().Value.ResponseTimeout,
            CollectionAge = collection.CollectionAge,
            CollectionQuantum = collection.CollectionQuantum,
            MinimumReminderPeriod = services.GetRequiredService<IOptions<ReminderOptions>>().Value.MinimumReminderPeriod,
            IsVirtual = true,
            Faults = _faults,
            Trace = _trace,
            DecorateStorage = (_, storage) => new VirtualStorage(storage, _scheduler, Faults, _engineTime),
        });
    }
}
