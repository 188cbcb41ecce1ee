using Orleans.Runtime;

namespace Orleans.Streams;

/// <summary>A stream that events can be put on.</summary>
public interface IAsyncStream
{
    /// <summary>Whether old events can be read again: no.</summary>
    bool IsRewindable { get; }

    /// <summary>The provider that the stream belongs to.</summary>
    string ProviderName { get; }

    /// <summary>The stream's identity.</summary>
    StreamId StreamId { get; }
}

/// <summary>What can be subscribed to.</summary>
/// <typeparam name="T">The type of the events.</typeparam>
public interface IAsyncObservable<T>
{
    /// <summary>Attaches an observer to the implicit subscription of the calling grain.</summary>
    /// <param name="observer">Receives the events.</param>
    /// <returns>The subscription.</returns>
    Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer);
}

/// <summary>A stream of events of one type.</summary>
/// <typeparam name="T">The type of the events.</typeparam>
public interface IAsyncStream<T> : IAsyncStream, IAsyncObservable<T>, IAsyncObserver<T>
{
    /// <summary>Puts several events on the stream, in order.</summary>
    /// <param name="batch">The events.</param>
    /// <param name="token">Not used.</param>
    /// <returns>A task that ends when they are on the stream.</returns>
    Task OnNextBatchAsync(IEnumerable<T> batch, StreamSequenceToken? token = null);
}
