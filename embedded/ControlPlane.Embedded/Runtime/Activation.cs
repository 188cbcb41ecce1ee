using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Orleans.Streams;
using Orleans.Timers;

namespace ControlPlane.Embedded.Runtime;

/// <summary>One activation of a grain: its mailbox and the rule which request may start a turn.</summary>
internal sealed partial class Activation : TurnQueue, IEmbeddedGrainContext
{
    private Request? _head;
    private Request? _tail;
    private Request? _starting;
    private int _waitingInterleavers;
    private int _running;
    private int _blocking;
    private int _blockingReadOnly;
    private long _lastUsed;
    private Stage _stage;
    private bool _current = true;

    internal Activation(Engine engine, GrainClass grainClass, GrainId grainId, long number) : base(engine.Scheduler)
    {
        Engine = engine;
        Class = grainClass;
        GrainId = grainId;
        Number = number;
        _lastUsed = engine.Time.GetTimestamp();
    }

    private enum Stage : byte
    {
        Created,
        Activating,
        Valid,
        Ending,
        Dead,
    }

    public GrainId GrainId { get; }

    public object? GrainInstance { get; private set; }

    public GrainReference GrainReference => Engine.Reference(this);

    public IGrainFactory GrainFactory => Engine.GrainFactory;

    public IReminderRegistry Reminders => Engine.Reminders;

    internal Engine Engine { get; }

    internal GrainClass Class { get; }

    /// <summary>The how-manieth activation of its engine it is.</summary>
    internal long Number { get; }

    internal override ulong TraceId => (ulong)Number;

    /// <summary>Whether calls still go to it: it has neither ended nor been replaced.</summary>
    internal bool IsCurrent => Volatile.Read(ref _current);

    internal bool IsIdle
    {
        get
        {
            lock (Gate)
            {
                return _head is null && _running == 0 && _stage == Stage.Valid;
            }
        }
    }

    internal int Load
    {
        get
        {
            lock (Gate)
            {
                var load = _running;
                for (var request = _head; request is not null; request = request.Next)
                {
                    load++;
                }

                return load;
            }
        }
    }

    protected override bool IsDropped => _stage == Stage.Dead;

    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    public IStreamProvider GetStreamProvider(string name)
        => Engine.Services.GetKeyedService<IStreamProvider>(name) ?? throw new KeyNotFoundException($"Stream provider '{name}' not found");

    /// <summary>Puts a request into the mailbox.</summary>
    /// <returns>False if the activation has ended; the request then belongs to its successor.</returns>
    internal bool TryReceive(Request request)
    {
        bool wake;
        lock (Gate)
        {
            if (_stage == Stage.Dead)
            {
                return false;
            }

            Append(request);
            wake = Wake();
        }

        if (wake)
        {
            Scheduler.Schedule(this);
        }

        return true;
    }

    /// <summary>Whether nothing was asked of the activation since before <paramref name="timestamp"/>.</summary>
    internal bool IsIdleSince(long timestamp)
    {
        lock (Gate)
        {
            return _stage == Stage.Valid && _running == 0 && _head is null && _lastUsed < timestamp && !_endWanted;
        }
    }

    protected override bool TryTakeStep()
    {
        switch (_stage)
        {
            case Stage.Created when _head is not null:
                _stage = Stage.Activating;
                return true;
            case Stage.Valid when _endWanted:
                if (_running > 0)
                {
                    _starting = TakeInterleaver();
                    return _starting is not null;
                }

                _stage = Stage.Ending;
                return true;
            case Stage.Valid:
                _starting = TakeStartable();
                return _starting is not null;
            default:
                return false;
        }
    }

    protected override void Step()
    {
        switch (_stage)
        {
            case Stage.Activating:
                _ = ActivateAsync();
                break;
            case Stage.Ending:
                _ = EndAsync();
                break;
            default:
                Start(_starting!);
                break;
        }
    }

    private void Start(Request request)
    {
        _starting = null;
        Engine.Trace?.Started(this, request);
        Task outcome;
        try
        {
            outcome = request.Run(this);
        }
        catch (Exception exception)
        {
            outcome = Task.FromException(exception);
        }

        request.Outcome = outcome;
        if (outcome.IsCompleted)
        {
            Finish(request);
        }
        else
        {
            // Comes back as a turn of this activation, unless it has been killed.
            outcome.GetAwaiter().UnsafeOnCompleted(() => Finish(request));
        }
    }

    private void Finish(Request request)
    {
        bool wake;
        lock (Gate)
        {
            if (_stage == Stage.Dead)
            {
                return;
            }

            _running--;
            if (!request.Interleaves)
            {
                _blocking--;
                _blockingReadOnly -= request.IsReadOnly ? 1 : 0;
            }

            if (request.KeepsAlive && _running == 0)
            {
                _lastUsed = Engine.Time.GetTimestamp();
            }

            wake = (_head is not null || _endWanted) && Wake();
        }

        var outcome = request.Outcome!;
        if (outcome.IsFaulted && outcome.Exception.InnerException is InconsistentStateException conflict)
        {
            // The grain worked on a state that storage does not have; only a new activation can go on.
            Deactivate(new(DeactivationReasonCode.ApplicationError, conflict, "The stored state is another than the one the grain worked on."));
        }

        request.Finished();
        if (Engine.Faults is { } faults)
        {
            faults.OnAnswer(this, request, () => Close(request));
        }
        else
        {
            Close(request);
        }

        if (wake)
        {
            Scheduler.Schedule(this);
        }
    }

    private void Close(Request request)
    {
        PendingCalls.Remove(request);
        if (request.TryClose())
        {
            Engine.Scheduler.Answer(request, request.Outcome!);
        }
    }

    private void Append(Request request)
    {
        request.Next = null;
        if (_tail is null)
        {
            _head = request;
        }
        else
        {
            _tail.Next = request;
        }

        _tail = request;
        _waitingInterleavers += request.Interleaves || request.IsReadOnly ? 1 : 0;
    }

    private Request? TakeStartable()
    {
        if (_head is null)
        {
            return null;
        }

        if (_blocking == 0 || Class.IsReentrant || MayInterleave(_head))
        {
            return Take(null, _head);
        }

        return TakeInterleaver();
    }

    private Request? TakeInterleaver()
    {
        if (_waitingInterleavers == 0)
        {
            return null;
        }

        Request? previous = null;
        for (var request = _head; request is not null; previous = request, request = request.Next)
        {
            if (MayInterleave(request))
            {
                return Take(previous, request);
            }
        }

        return null;
    }

    private bool MayInterleave(Request request)
        => request.Interleaves || (request.IsReadOnly && _blocking == _blockingReadOnly);

    private Request Take(Request? previous, Request request)
    {
        if (previous is null)
        {
            _head = request.Next;
        }
        else
        {
            previous.Next = request.Next;
        }

        if (request.Next is null)
        {
            _tail = previous;
        }

        request.Next = null;
        _waitingInterleavers -= request.Interleaves || request.IsReadOnly ? 1 : 0;
        _running++;
        if (!request.Interleaves)
        {
            _blocking++;
            _blockingReadOnly += request.IsReadOnly ? 1 : 0;
        }

        return request;
    }

    private Request? TakeAllWaiting()
    {
        var first = _head;
        _head = _tail = null;
        _waitingInterleavers = 0;
        return first;
    }
}
