using ControlPlane.Embedded.Runtime;

namespace ControlPlane.Embedded.Timers;

/// <summary>A timer of an activation. A tick is a request like any other; the next one is set when it has ended.</summary>
internal sealed class GrainTimer<TState> : Request, IGrainTimer
{
    private readonly Activation _activation;
    private readonly Func<TState, CancellationToken, Task> _callback;
    private readonly TState _state;
    private readonly CancellationTokenSource _disposal = new();
    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private TimeSpan _dueTime = Timeout.InfiniteTimeSpan;
    private TimeSpan _period = Timeout.InfiniteTimeSpan;
    private bool _ticking;
    private bool _changed;
    private bool _disposed;

    internal GrainTimer(Activation activation, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options)
        : base("tick", TraitsOf(options))
    {
        _activation = activation;
        _callback = callback;
        _state = state;
        Target = activation.GrainId;
        _timer = activation.Engine.Time.CreateTimer(static self => ((GrainTimer<TState>)self!).Due(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    // The same request ticks again and again.
    internal override bool IsPointlessWhenClosed => false;

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        RequireValid(dueTime, nameof(dueTime));
        RequireValid(period, nameof(period));
        lock (_gate)
        {
            _dueTime = dueTime;
            _period = period;
            _changed = true;
            if (!_ticking && !_disposed)
            {
                _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }

        _timer.Dispose();
        _activation.Forget(this);
        // Outside any turn: what waits for the token below a grain would otherwise leave virtual time.
        _activation.Engine.Time.CreateTimer(static disposal => ((CancellationTokenSource)disposal!).Cancel(), _disposal, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    internal override async Task Run(Activation activation)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _changed = false;
        }

        try
        {
            await _callback(_state, _disposal.Token);
        }
        catch (Exception exception)
        {
            Engine.Log.TickFailed(_activation.Engine.Logger, _activation.GrainId, exception);
        }
    }

    // Nobody waits for a tick; what follows it is the next one.
    internal override void Answer(Task outcome)
    {
    }

    /// <inheritdoc/>
    protected override Task Invoke(object grain) => Task.CompletedTask;

    internal override void Finished()
    {
        lock (_gate)
        {
            _ticking = false;
            if (!_disposed)
            {
                _timer.Change(_changed ? _dueTime : _period, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private static RequestTraits TraitsOf(GrainTimerCreationOptions options)
        => (options.Interleave ? RequestTraits.AlwaysInterleave : RequestTraits.None) | (options.KeepAlive ? RequestTraits.None : RequestTraits.Incidental);

    private static void RequireValid(TimeSpan value, string name)
    {
        var milliseconds = (long)value.TotalMilliseconds;
        ArgumentOutOfRangeException.ThrowIfLessThan(milliseconds, -1, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(milliseconds, 0xfffffffe, name);
    }

    private void Due()
    {
        lock (_gate)
        {
            if (_ticking || _disposed)
            {
                return;
            }

            _ticking = true;
        }

        _activation.TryReceive(this);
    }
}
