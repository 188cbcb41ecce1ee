namespace ControlPlane.Embedded.Runtime;

/// <summary>Ends activations that nobody called for long.</summary>
internal sealed class IdleCollector : IDisposable
{
    private readonly Engine _engine;
    private readonly TimeSpan _age;
    private readonly ITimer _timer;

    internal IdleCollector(Engine engine, TimeSpan age, TimeSpan quantum)
    {
        _engine = engine;
        _age = age;
        _timer = engine.Time is Virtual.VirtualTimeProvider time
            ? time.CreateBackgroundTimer(static self => ((IdleCollector)self!).Collect(), this, quantum)
            : engine.Time.CreateTimer(static self => ((IdleCollector)self!).Collect(), this, quantum, quantum);
    }

    public void Dispose() => _timer.Dispose();

    private void Collect()
    {
        var now = _engine.Time.GetTimestamp();
        var limit = now - (long)(_age.TotalSeconds * _engine.Time.TimestampFrequency);
        foreach (var activation in _engine.Catalog.Snapshot())
        {
            if (activation.IsIdleSince(limit) && !activation.IsKeptAt(now))
            {
                activation.Deactivate(new(DeactivationReasonCode.ActivationIdle, "The activation was idle for too long."));
            }
        }
    }
}
