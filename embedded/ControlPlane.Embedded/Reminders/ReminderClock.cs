using ControlPlane.Embedded.Runtime;

namespace ControlPlane.Embedded.Reminders;

/// <summary>Sends one reminder whenever it is due.</summary>
internal sealed class ReminderClock : IDisposable
{
    // Timers take at most 49 days.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(20);

    private readonly Engine _engine;
    private readonly GrainId _grainId;
    private readonly ReminderEntry _entry;
    private readonly ITimer _timer;
    private DateTime _due;

    internal ReminderClock(Engine engine, GrainId grainId, ReminderEntry entry)
    {
        _engine = engine;
        _grainId = grainId;
        _entry = entry;
        _timer = engine.Time.CreateTimer(static self => ((ReminderClock)self!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    internal void Start()
    {
        // Ticks that were missed while nothing ran are not made up for; the next one keeps the rhythm.
        var now = _engine.Time.GetUtcNow().UtcDateTime;
        var missed = now <= _entry.FirstTick ? 0 : ((now - _entry.FirstTick).Ticks + _entry.Period.Ticks - 1) / _entry.Period.Ticks;
        _due = _entry.FirstTick + TimeSpan.FromTicks(missed * _entry.Period.Ticks);
        Wait(now);
    }

    private void Wait(DateTime now)
    {
        var wait = _due <= now ? TimeSpan.Zero : _due - now;
        _timer.Change(wait < LongestWait ? wait : LongestWait, Timeout.InfiniteTimeSpan);
    }

    private void Wake()
    {
        var now = _engine.Time.GetUtcNow().UtcDateTime;
        if (now < _due)
        {
            Wait(now);
        }
        else
        {
            _ = TickAsync(now);
        }
    }

    private async Task TickAsync(DateTime now)
    {
        try
        {
            await _engine.GrainFactory.GetGrain<IRemindable>(_grainId)
                .ReceiveReminder(_entry.Name, new TickStatus(_entry.FirstTick, _entry.Period, now)).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Engine.Log.ReminderFailed(_engine.Logger, _grainId, _entry.Name, exception);
        }

        var after = _engine.Time.GetUtcNow().UtcDateTime;
        var periods = Math.Max(1, ((after - _due).Ticks / _entry.Period.Ticks) + 1);
        _due += TimeSpan.FromTicks(periods * _entry.Period.Ticks);
        Wait(after);
    }
}
