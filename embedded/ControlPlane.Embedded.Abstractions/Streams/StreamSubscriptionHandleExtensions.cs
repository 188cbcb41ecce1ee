namespace Orleans.Streams;

/// <summary>Attaching functions in place of observers.</summary>
public static class StreamSubscriptionHandleExtensions
{
    /// <summary>Attaches a function.</summary>
    /// <typeparam name="T">The type of the events.</typeparam>
    /// <param name="handle">The subscription.</param>
    /// <param name="onNextAsync">Receives the events.</param>
    /// <param name="token">Not used: the streams cannot be read again.</param>
    /// <returns>The subscription.</returns>
    public static Task<StreamSubscriptionHandle<T>> ResumeAsync<T>(
        this StreamSubscriptionHandle<T> handle, Func<T, StreamSequenceToken?, Task> onNextAsync, StreamSequenceToken? token = null)
        => ResumeAsync(handle, onNextAsync, static _ => Task.CompletedTask, token);

    /// <summary>Attaches functions.</summary>
    /// <typeparam name="T">The type of the events.</typeparam>
    /// <param name="handle">The subscription.</param>
    /// <param name="onNextAsync">Receives the events.</param>
    /// <param name="onErrorAsync">Learns of events that were given up.</param>
    /// <param name="token">Not used: the streams cannot be read again.</param>
    /// <returns>The subscription.</returns>
    public static Task<StreamSubscriptionHandle<T>> ResumeAsync<T>(
        this StreamSubscriptionHandle<T> handle,
        Func<T, StreamSequenceToken?, Task> onNextAsync,
        Func<Exception, Task> onErrorAsync,
        StreamSequenceToken? token = null)
    {
        ArgumentNullException.ThrowIfNull(handle);
        ArgumentNullException.ThrowIfNull(onNextAsync);
        ArgumentNullException.ThrowIfNull(onErrorAsync);
        return handle.ResumeAsync(new FunctionObserver<T>(onNextAsync, onErrorAsync), token);
    }

    private sealed class FunctionObserver<T>(Func<T, StreamSequenceToken?, Task> onNext, Func<Exception, Task> onError) : IAsyncObserver<T>
    {
        public Task OnNextAsync(T item, StreamSequenceToken? token = null) => onNext(item, token);

        public Task OnErrorAsync(Exception ex) => onError(ex);
    }
}
