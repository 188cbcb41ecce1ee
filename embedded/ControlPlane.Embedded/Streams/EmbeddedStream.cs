using ControlPlane.Embedded.Runtime;
using Orleans.Streams;

namespace ControlPlane.Embedded.Streams;

/// <summary>A stream of one type of events.</summary>
internal sealed class EmbeddedStream<T>(EmbeddedStreamProvider provider, StreamId streamId) : IAsyncStream<T>
{
    private readonly GrainClass[] _consumers = provider.Engine.Classes.SubscribersOf(streamId.NamespaceText);
    private StreamPump?[]? _pumps;

    public bool IsRewindable => false;

    public string ProviderName => provider.Name;

    public StreamId StreamId => streamId;

    public Task OnNextAsync(T item, StreamSequenceToken? token = null)
    {
        try
        {
            provider.Publish(streamId, _consumers, _pumps ??= new StreamPump?[_consumers.Length], item);
            return Task.CompletedTask;
        }
        catch (InvalidOperationException exception)
        {
            return Task.FromException(exception);
        }
    }

    public async Task OnNextBatchAsync(IEnumerable<T> batch, StreamSequenceToken? token = null)
    {
        ArgumentNullException.ThrowIfNull(batch);
        foreach (var item in batch)
        {
            await OnNextAsync(item, token);
        }
    }

    // The events of a grain's stream have no end.
    public Task OnCompletedAsync() => Task.CompletedTask;

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer)
    {
        if (TurnQueue.Running is Activation activation
            && activation.GrainId.Key.ToString() == streamId.KeyText
            && activation.Class.Subscriptions.Contains(streamId.NamespaceText))
        {
            return new EmbeddedSubscription<T>(activation, streamId, provider.Name).ResumeAsync(observer);
        }

        throw new NotSupportedException(
            $"Only a grain with [ImplicitStreamSubscription(\"{streamId.NamespaceText}\")] and the stream's key can subscribe to {streamId}.");
    }
}

/// <summary>A place in a stream: a number that grows over all streams of a provider.</summary>
internal sealed class EmbeddedSequenceToken(long sequenceNumber, int eventIndex) : StreamSequenceToken
{
    public override long SequenceNumber { get; protected set; } = sequenceNumber;

    public override int EventIndex { get; protected set; } = eventIndex;

    public override bool Equals(StreamSequenceToken? other) => other is not null && CompareTo(other) == 0;

    public override bool Equals(object? obj) => Equals(obj as StreamSequenceToken);

    public override int GetHashCode() => HashCode.Combine(SequenceNumber, EventIndex);

    public override int CompareTo(StreamSequenceToken? other)
        => other is null ? 1
            : SequenceNumber.CompareTo(other.SequenceNumber) is var order and not 0 ? order
            : EventIndex.CompareTo(other.EventIndex);

    public override string ToString() => $"{SequenceNumber}:{EventIndex}";
}
