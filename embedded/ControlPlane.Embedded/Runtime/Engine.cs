using ControlPlane.Embedded.Reminders;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace ControlPlane.Embedded.Runtime;

/// <summary>The parts of one running engine.</summary>
internal sealed partial class Engine : IDisposable
{
    private readonly IdleCollector _collector;
    private readonly Func<string, IGrainStorage, IGrainStorage> _decorate;
    private readonly Dictionary<string, IGrainStorage> _storages = [];
    private readonly PendingCalls _pending;

    internal Engine(IServiceProvider services, EngineSettings settings)
    {
        Services = services;
        Scheduler = settings.Scheduler;
        Time = settings.Time;
        Faults = settings.Faults;
        Trace = settings.Trace;
        _decorate = settings.DecorateStorage;
        Singletons = services.GetRequiredService<SingletonServices>();
        Logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("ControlPlane.Embedded");
        _pending = new PendingCalls(Time, Scheduler, settings.ResponseTimeout, settings.IsVirtual);
        Catalog = new ActivationCatalog(this);
        Classes = new GrainClasses(this, settings.GrainTypes);
        GrainFactory = new EmbeddedClusterClient(this);
        Reminders = new ReminderService(this, settings.MinimumReminderPeriod);
        _collector = new IdleCollector(this, settings.CollectionAge, settings.CollectionQuantum);
    }

    internal IServiceProvider Services { get; }

    internal IEngineScheduler Scheduler { get; }

    internal TimeProvider Time { get; }

    /// <summary>What goes wrong on purpose; null in real time.</summary>
    internal IEngineFaults? Faults { get; }

    internal IEngineTrace? Trace { get; }

    internal SingletonServices Singletons { get; }

    internal ILogger Logger { get; }

    internal ActivationCatalog Catalog { get; }

    internal GrainClasses Classes { get; }

    internal EmbeddedClusterClient GrainFactory { get; }

    internal ReminderService Reminders { get; }

    /// <summary>Whether the engine was crashed: nothing goes on in it.</summary>
    internal bool IsCrashed { get; private set; }

    public void Dispose()
    {
        _collector.Dispose();
        _pending.Dispose();
        Reminders.Dispose();
    }

    /// <summary>Sends a request and expects an answer in time.</summary>
    internal void Send(Request request, GrainId target, GrainClass grainClass, ref Activation? cached)
    {
        Scheduler.CheckThread();
        request.Target = target;
        _pending.Add(request);
        var activation = cached;
        if (activation is null || !activation.IsCurrent)
        {
            activation = Catalog.Get(target, grainClass);
            if (grainClass.MaxWorkers == 0)
            {
                cached = activation;
            }
        }

        Scheduler.Deliver(request, activation);
    }

    /// <summary>Sends a request again whose activation ended before it was started.</summary>
    internal void Resend(Request request, GrainClass grainClass) => Scheduler.Deliver(request, Catalog.Get(request.Target, grainClass));

    internal GrainReference Reference(Activation activation)
        => ProxyEmitter.For(typeof(IGrain))(activation.Class.Binding, activation.GrainId);

    /// <summary>The storage of a name, with faults around it in virtual time.</summary>
    internal IGrainStorage Storage(string? name, Type user)
    {
        name ??= "Default";
        lock (_storages)
        {
            if (!_storages.TryGetValue(name, out var storage))
            {
                var found = Services.GetKeyedService<IGrainStorage>(name)
                    ?? throw new InvalidOperationException($"No storage provider named \"{name}\" found loading grain type {user}.");
                _storages.Add(name, storage = _decorate(name, found));
            }

            return storage;
        }
    }

    /// <summary>Ends every activation in good order.</summary>
    internal async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var activation in BeginStop(cancellationToken))
        {
            await activation.Deactivated.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Asks every activation to end in good order.</summary>
    /// <returns>The activations.</returns>
    internal List<Activation> BeginStop(CancellationToken cancellationToken)
    {
        Reminders.Dispose();
        var all = Catalog.Snapshot();
        foreach (var activation in all)
        {
            activation.Deactivate(new(DeactivationReasonCode.ShuttingDown, "This process is terminating."), cancellationToken);
        }

        return all;
    }

    /// <summary>Drops everything, as the end of a process would.</summary>
    /// <returns>The calls from outside grains that will never be answered.</returns>
    internal List<Request> Crash()
    {
        IsCrashed = true;
        Dispose();
        foreach (var activation in Catalog.Snapshot())
        {
            Catalog.Remove(activation);
            activation.Kill();
        }

        return [.. _pending.Snapshot().Where(request => request.Sender is null)];
    }
}
