using System.Collections.Concurrent;
using ControlPlane.Embedded.Runtime;
using Orleans.Streams;

namespace ControlPlane.Embedded.Streams;

/// <summary>The streams of one provider: every event goes to every grain class that is subscribed to its namespace.</summary>
internal sealed class EmbeddedStreamProvider(string name, Engine engine, StreamOptions options) : IStreamProvider
{
    private readonly ConcurrentDictionary<(StreamId, GrainClass), StreamPump> _pumps = new();
    private long _sequence;

    public string Name => name;

    public bool IsRewindable => false;

    internal Engine Engine => engine;

    internal StreamOptions Options => options;

    public IAsyncStream<T> GetStream<T>(StreamId streamId) => new EmbeddedStream<T>(this, streamId);

    /// <summary>Puts an event on a stream.</summary>
    /// <exception cref="InvalidOperationException">A consumer is too far behind.</exception>
    /// <param name="streamId">The stream.</param>
    /// <param name="consumers">Who gets it.</param>
    /// <param name="pumps">The pump of each consumer as far as the publisher knows it; filled here.</param>
    /// <param name="item">The event.</param>
    internal void Publish<T>(StreamId streamId, GrainClass[] consumers, StreamPump?[] pumps, T item)
    {
        engine.Scheduler.CheckThread();
        if (consumers.Length == 0)
        {
            return;
        }

        var token = new EmbeddedSequenceToken(Interlocked.Increment(ref _sequence), 0);
        for (var i = 0; i < consumers.Length; i++)
        {
            if (engine.Faults is { } faults)
            {
                PublishWithFaults(faults, streamId, consumers[i], item, token);
            }
            else
            {
                Enqueue(streamId, consumers[i], item, token, ref pumps[i]);
            }
        }
    }

    /// <summary>Takes out a pump that has nothing to do.</summary>
    internal void Remove(StreamPump pump) => _pumps.TryRemove(new((pump.StreamId, pump.Consumer), pump));

    private void PublishWithFaults<T>(IEngineFaults faults, StreamId streamId, GrainClass consumer, T item, EmbeddedSequenceToken token)
    {
        StreamPump? pump = null;
        var (copies, delay) = faults.OnEvent(GrainId.Create(consumer.GrainType, streamId.KeyText));
        for (var copy = 0; copy < copies; copy++)
        {
            if (delay == TimeSpan.Zero)
            {
                Enqueue(streamId, consumer, item, token, ref pump);
                continue;
            }

            // A late event is one that others on the same stream have overtaken.
            ITimer? timer = null;
            timer = engine.Time.CreateTimer(
                _ =>
                {
                    timer?.Dispose();
                    StreamPump? late = null;
                    Enqueue(streamId, consumer, item, token, ref late);
                },
                null, delay * (copy + 1), Timeout.InfiniteTimeSpan);
        }
    }

    private void Enqueue<T>(StreamId streamId, GrainClass consumer, T item, EmbeddedSequenceToken token, ref StreamPump? known)
    {
        var delivery = new StreamDelivery<T>(item, token);
        while (known?.TryEnqueue(delivery) != true)
        {
            known = _pumps.GetOrAdd((streamId, consumer), static (key, self) => new StreamPump(self, key.Item1, key.Item2), this);
        }
    }
}

/// <summary>How events are delivered again.</summary>
internal sealed class StreamOptions
{
    /// <summary>The time before an event whose consumer failed is delivered again for the first time.</summary>
    public TimeSpan FirstRetry { get; set; } = TimeSpan.FromSeconds(1.4);

    /// <summary>The time before each later attempt.</summary>
    public TimeSpan NextRetry { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long an event is delivered again before it is given up.</summary>
    public TimeSpan MaxEventDeliveryTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The most events that may wait for one consumer of one stream.</summary>
    public int MaxWaitingEvents { get; set; } = 16_384;
}
