namespace Orleans.Streams;

/// <summary>Receives the events of a stream, one at a time. An event can come again and can come late.</summary>
/// <typeparam name="T">The type of the events.</typeparam>
public interface IAsyncObserver<in T>
{
    /// <summary>Receives an event.</summary>
    /// <param name="item">The event.</param>
    /// <param name="token">Its place in the stream.</param>
    /// <returns>A task that ends when the event was dealt with; if it fails, the event comes again.</returns>
    Task OnNextAsync(T item, StreamSequenceToken? token = null);

    /// <summary>The stream ends.</summary>
    /// <returns>A task that ends when that was dealt with.</returns>
    Task OnCompletedAsync() => Task.CompletedTask;

    /// <summary>An event could not be delivered and is given up.</summary>
    /// <param name="ex">Why.</param>
    /// <returns>A task that ends when that was dealt with.</returns>
    Task OnErrorAsync(Exception ex);
}
