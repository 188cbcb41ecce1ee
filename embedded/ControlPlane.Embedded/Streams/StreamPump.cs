using ControlPlane.Embedded.Runtime;

namespace ControlPlane.Embedded.Streams;

/// <summary>
/// Brings the events of one stream to one consumer in order, one at a time. An event that fails is brought again while the later
/// ones wait. The pump lives as long as the activation that it feeds: making it anew for every event costs more than the event.
/// </summary>
internal sealed class StreamPump
{
    private readonly EmbeddedStreamProvider _provider;
    private readonly Lock _gate = new();
    private readonly GrainId _target;
    private StreamDelivery? _head;
    private StreamDelivery? _tail;
    private int _count;
    private bool _closed;
    private Activation? _activation;
    private ITimer? _retry;

    internal StreamPump(EmbeddedStreamProvider provider, StreamId streamId, GrainClass consumer)
    {
        _provider = provider;
        StreamId = streamId;
        Consumer = consumer;
        _target = GrainId.Create(consumer.GrainType, streamId.KeyText);
    }

    internal StreamId StreamId { get; }

    internal GrainClass Consumer { get; }

    internal string ProviderName => _provider.Name;

    /// <summary>The subscription that its last event went to. Used in turns of the consumer only.</summary>
    internal Activation.Subscription? Subscription { get; set; }

    private Engine Engine => _provider.Engine;

    /// <summary>Puts an event behind the others.</summary>
    /// <returns>False if the pump has just ended; the event then needs a new one.</returns>
    internal bool TryEnqueue(StreamDelivery delivery)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return false;
            }

            if (_count >= _provider.Options.MaxWaitingEvents)
            {
                throw new InvalidOperationException(
                    $"{_target} is too far behind on stream {StreamId}: {_count} events wait for it, which is the limit.");
            }

            _count++;
            if (_tail is not null)
            {
                _tail.Next = delivery;
                _tail = delivery;
                return true;
            }

            _head = _tail = delivery;
        }

        Attempt(delivery);
        return true;
    }

    /// <summary>An attempt has ended.</summary>
    internal void Delivered(Task outcome)
    {
        if (outcome.IsCompletedSuccessfully)
        {
            Skip();
            return;
        }

        var exception = outcome.Exception?.InnerException ?? new TaskCanceledException(outcome);
        var delivery = _head!;
        var tried = Engine.Time.GetElapsedTime(delivery.FirstAttempt);
        if (tried >= _provider.Options.MaxEventDeliveryTime)
        {
            Engine.Log.DeliveryGivenUp(Engine.Logger, StreamId, _target, exception);
            Send(delivery.GiveUp(this, exception));
            return;
        }

        var delay = delivery.Attempts == 1 ? _provider.Options.FirstRetry : _provider.Options.NextRetry;
        Engine.Log.DeliveryFailed(Engine.Logger, StreamId, _target, delay, exception);
        _retry ??= Engine.Time.CreateTimer(static self => ((StreamPump)self!).Retry(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _retry.Change(delay, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Goes on to the next event.</summary>
    internal void Skip()
    {
        StreamDelivery? next;
        lock (_gate)
        {
            _count--;
            next = _head = _head!.Next;
            if (next is null)
            {
                _tail = null;
            }
        }

        if (next is not null)
        {
            Attempt(next);
        }
        else if (_activation is not { IsCurrent: true })
        {
            CloseIfEmpty();
        }
    }

    /// <summary>Ends the pump unless events wait; the next one makes another.</summary>
    internal void CloseIfEmpty()
    {
        lock (_gate)
        {
            if (_closed || _count > 0)
            {
                return;
            }

            _closed = true;
        }

        _retry?.Dispose();
        _provider.Remove(this);
    }

    private void Retry() => Attempt(_head!);

    private void Attempt(StreamDelivery delivery)
    {
        if (delivery.Attempts++ == 0)
        {
            delivery.FirstAttempt = Engine.Time.GetTimestamp();
        }

        Send(delivery.Attempt(this));
    }

    private void Send(Request request)
    {
        // A delivery that a crash cut short must not bring the later events into the engine that is gone.
        if (!Engine.IsCrashed)
        {
            Engine.Send(request, _target, Consumer, ref _activation);
        }
    }
}
