using ControlPlane.Embedded.Timers;

namespace ControlPlane.Embedded.Runtime;

/// <summary>The timers of an activation.</summary>
internal sealed partial class Activation
{
    private List<IDisposable>? _timers;

    public IGrainTimer RegisterTimer<TState>(Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options)
    {
        if (Running != this)
        {
            throw new InvalidOperationException("Timers can only be registered in a turn of their grain.");
        }

        var timer = new GrainTimer<TState>(this, callback, state, options);
        lock (Gate)
        {
            (_timers ??= []).Add(timer);
        }

        timer.Change(options.DueTime, options.Period);
        return timer;
    }

    internal void Forget(IDisposable timer)
    {
        lock (Gate)
        {
            _timers?.Remove(timer);
        }
    }

    private void DisposeTimers()
    {
        List<IDisposable>? timers;
        lock (Gate)
        {
            timers = _timers;
            _timers = null;
        }

        foreach (var timer in timers ?? [])
        {
            timer.Dispose();
        }
    }
}
