namespace ControlPlane.Simulation.Cluster;

/// <summary>Somebody who waits for the next change.</summary>
internal sealed class ChangeWaiter(bool runsInline, TimeProvider? clock)
{
    private readonly TaskCompletionSource _changed = new(runsInline ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
    private ITimer? _timer;

    public Task Changed => _changed.Task;

    /// <summary>
    /// Ends the wait. A change is often made within a grain's turn, where an inline continuation would escape to the thread pool; a
    /// timer of a virtual clock fires outside turns.
    /// </summary>
    public void Wake()
    {
        if (!runsInline || clock is null) _changed.TrySetResult();
        else _timer = clock.CreateTimer(static state => ((ChangeWaiter)state!).Fire(), this, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void Fire()
    {
        _timer?.Dispose();
        _changed.TrySetResult();
    }
}
