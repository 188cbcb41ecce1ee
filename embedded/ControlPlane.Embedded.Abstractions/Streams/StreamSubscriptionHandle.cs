using Orleans.Runtime;

namespace Orleans.Streams;

/// <summary>A grain's subscription to a stream.</summary>
/// <typeparam name="T">The type of the events.</typeparam>
public abstract class StreamSubscriptionHandle<T> : IEquatable<StreamSubscriptionHandle<T>?>
{
    /// <summary>The stream.</summary>
    public abstract StreamId StreamId { get; }

    /// <summary>The provider that the stream belongs to.</summary>
    public abstract string ProviderName { get; }

    /// <summary>The subscription's identity.</summary>
    public abstract Guid HandleId { get; }

    /// <summary>Detaches the observer.</summary>
    /// <returns>A task that ends when it is detached.</returns>
    public abstract Task UnsubscribeAsync();

    /// <summary>Attaches an observer in place of the one before.</summary>
    /// <param name="observer">Receives the events.</param>
    /// <param name="token">Not used: the streams cannot be read again.</param>
    /// <returns>The subscription.</returns>
    public abstract Task<StreamSubscriptionHandle<T>> ResumeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token = null);

    /// <inheritdoc/>
    public abstract bool Equals(StreamSubscriptionHandle<T>? other);
}
