using Orleans.Storage;

namespace ControlPlane.Embedded.Runtime;

/// <summary>What an engine is made of.</summary>
internal sealed record EngineSettings
{
    internal required IEngineScheduler Scheduler { get; init; }

    internal required TimeProvider Time { get; init; }

    internal required IReadOnlyCollection<Type> GrainTypes { get; init; }

    internal required TimeSpan ResponseTimeout { get; init; }

    internal required TimeSpan CollectionAge { get; init; }

    internal required TimeSpan CollectionQuantum { get; init; }

    internal required TimeSpan MinimumReminderPeriod { get; init; }

    internal bool IsVirtual { get; init; }

    internal IEngineFaults? Faults { get; init; }

    internal IEngineTrace? Trace { get; init; }

    internal Func<string, IGrainStorage, IGrainStorage> DecorateStorage { get; init; } = static (_, storage) => storage;
}

/// <summary>Notes what happened, so that two runs can be compared.</summary>
internal interface IEngineTrace
{
    void Began(Activation activation);

    void Started(Activation activation, Request request);

    void Ended(Activation activation);
}

/// <summary>Decides what goes wrong on purpose.</summary>
internal interface IEngineFaults
{
    /// <summary>How often an event arrives (0 if it is lost, 2 if it is repeated) and how late.</summary>
    (int Copies, TimeSpan Delay) OnEvent(GrainId consumer);

    /// <summary>Answers a request now or later, or never.</summary>
    void OnAnswer(Activation activation, Request request, Action answer);
}
