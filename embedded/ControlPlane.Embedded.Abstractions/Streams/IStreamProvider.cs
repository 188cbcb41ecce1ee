using Orleans.Runtime;

namespace Orleans.Streams;

/// <summary>Gives access to the streams of one provider.</summary>
public interface IStreamProvider
{
    /// <summary>The provider's name.</summary>
    string Name { get; }

    /// <summary>Whether old events can be read again: no.</summary>
    bool IsRewindable { get; }

    /// <summary>A stream.</summary>
    /// <typeparam name="T">The type of its events.</typeparam>
    /// <param name="streamId">Its identity.</param>
    /// <returns>The stream.</returns>
    IAsyncStream<T> GetStream<T>(StreamId streamId);
}

/// <summary>Naming streams by namespace and key.</summary>
public static class StreamProviderExtensions
{
    /// <summary>A stream.</summary>
    /// <typeparam name="T">The type of its events.</typeparam>
    /// <param name="streamProvider">Its provider.</param>
    /// <param name="ns">Its namespace.</param>
    /// <param name="id">Its key.</param>
    /// <returns>The stream.</returns>
    public static IAsyncStream<T> GetStream<T>(this IStreamProvider streamProvider, string ns, string id)
    {
        ArgumentNullException.ThrowIfNull(streamProvider);
        return streamProvider.GetStream<T>(StreamId.Create(ns, id));
    }
}
