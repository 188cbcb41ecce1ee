using Orleans.Runtime;
using Orleans.Streams;
using Orleans.Timers;

namespace Orleans;

/// <summary>What the embedded engine offers to the API types of this project, beyond what Orleans shows.</summary>
internal interface IEmbeddedGrainContext : IGrainContext
{
    IGrainFactory GrainFactory { get; }

    IReminderRegistry Reminders { get; }

    void DelayDeactivation(TimeSpan timeSpan);

    IGrainTimer RegisterTimer<TState>(Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options);

    IStreamProvider GetStreamProvider(string name);
}

/// <summary>The activation whose grain object is under construction on this thread.</summary>
internal static class EmbeddedGrainContext
{
    [ThreadStatic]
    private static IEmbeddedGrainContext? _creating;

    internal static IEmbeddedGrainContext? Creating
    {
        get => _creating;
        set => _creating = value;
    }

    internal static IEmbeddedGrainContext Of(IGrainBase grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return grain.GrainContext as IEmbeddedGrainContext
            ?? throw new InvalidOperationException("The grain does not belong to the embedded engine.");
    }
}
