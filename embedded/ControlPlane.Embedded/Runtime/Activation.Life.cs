using ControlPlane.Embedded.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Embedded.Runtime;

/// <summary>How an activation comes to life and how it ends.</summary>
internal sealed partial class Activation
{
    private bool _endWanted;
    private DeactivationReason _endReason;
    private CancellationToken _endToken;
    private long _keepUntil;
    private IServiceScope? _scope;
    private TaskCompletionSource? _ended;
    private List<IActivationState>? _states;

    public IServiceProvider ActivationServices => (_scope ??= Engine.Services.CreateScope()).ServiceProvider;

    public Task Deactivated
    {
        get
        {
            lock (Gate)
            {
                _ended ??= new TaskCompletionSource(Engine.Trace is null ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None);
                if (_stage == Stage.Dead)
                {
                    _ended.TrySetResult();
                }

                return _ended.Task;
            }
        }
    }

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        bool wake;
        lock (Gate)
        {
            if (_stage >= Stage.Ending || _endWanted)
            {
                return;
            }

            _endWanted = true;
            _endReason = deactivationReason;
            _endToken = cancellationToken;
            wake = Wake();
        }

        if (wake)
        {
            Scheduler.Schedule(this);
        }
    }

    public void DelayDeactivation(TimeSpan timeSpan)
    {
        lock (Gate)
        {
            _keepUntil = timeSpan <= TimeSpan.Zero ? 0
                : timeSpan == TimeSpan.MaxValue ? long.MaxValue
                : Engine.Time.GetTimestamp() + (long)(timeSpan.TotalSeconds * Engine.Time.TimestampFrequency);
        }
    }

    internal bool WasKilled { get; private set; }

    /// <summary>Whether the grain asked to be kept until after <paramref name="timestamp"/>.</summary>
    internal bool IsKeptAt(long timestamp) => Volatile.Read(ref _keepUntil) > timestamp;

    /// <summary>Ends the activation at once, in the middle of whatever it does, as a crash would: nothing of it runs again.</summary>
    internal void Kill()
    {
        Request? waiting;
        WasKilled = true;
        lock (Gate)
        {
            _stage = Stage.Dead;
            _current = false;
            waiting = TakeAllWaiting();
            DropTasks();
        }

        // What had not started is as good as lost on its way; its callers run into their time-out.
        while (waiting is { } request)
        {
            waiting = request.Next;
            request.Next = null;
        }

        DisposeTimers();
        _ended?.TrySetResult();
    }

    /// <summary>Lets a successor take the key while this one goes on: two believe to be the one.</summary>
    internal void Abandon() => Volatile.Write(ref _current, false);

    internal void Own(IActivationState state) => (_states ??= []).Add(state);

    private async Task ActivateAsync()
    {
        try
        {
            Engine.Trace?.Began(this);
            EmbeddedGrainContext.Creating = this;
            try
            {
                GrainInstance = Class.Create(this);
            }
            finally
            {
                EmbeddedGrainContext.Creating = null;
            }

            foreach (var state in _states ?? [])
            {
                await state.ReadStateAsync();
            }

            if (GrainInstance is IGrainBase grain)
            {
                await grain.OnActivateAsync(CancellationToken.None);
            }
        }
        catch (Exception exception)
        {
            Engine.Log.ActivationFailed(Engine.Logger, GrainId, exception);
            EndActivationWith(exception);
            return;
        }

        lock (Gate)
        {
            _stage = Stage.Valid;
            _lastUsed = Engine.Time.GetTimestamp();
        }
    }

    private void EndActivationWith(Exception exception)
    {
        var waiting = Bury();
        while (waiting is { } request)
        {
            waiting = request.Next;
            request.Next = null;
            PendingCalls.Remove(request);
            if (request.TryClose())
            {
                Engine.Scheduler.Answer(request, Task.FromException(exception));
            }
        }
    }

    private async Task EndAsync()
    {
        DisposeTimers();
        try
        {
            if (GrainInstance is IGrainBase grain)
            {
                await grain.OnDeactivateAsync(_endReason, _endToken);
            }
        }
        catch (Exception exception)
        {
            Engine.Log.DeactivationFailed(Engine.Logger, GrainId, exception);
        }

        var waiting = Bury();
        while (waiting is { } request)
        {
            waiting = request.Next;
            request.Next = null;
            Engine.Resend(request, Class);
        }
    }

    /// <summary>Takes the activation out of the catalog and disposes what it owns.</summary>
    /// <returns>The requests that it never started.</returns>
    private Request? Bury()
    {
        Engine.Catalog.Remove(this);
        Request? waiting;
        lock (Gate)
        {
            _stage = Stage.Dead;
            _current = false;
            waiting = TakeAllWaiting();
        }

        DisposeTimers();
        try
        {
            (GrainInstance as IDisposable)?.Dispose();
            _scope?.Dispose();
        }
        catch (Exception exception)
        {
            Engine.Log.DeactivationFailed(Engine.Logger, GrainId, exception);
        }

        DisposePumps();
        Engine.Trace?.Ended(this);
        _ended?.TrySetResult();
        return waiting;
    }
}
