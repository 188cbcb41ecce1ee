using Orleans.Runtime;

namespace Orleans.Streams.Core;

/// <summary>A grain that attaches its observers itself when the first event of a subscription arrives.</summary>
public interface IStreamSubscriptionObserver
{
    /// <summary>Called once an activation and subscription, before its first event; attach an observer to the created handle.</summary>
    /// <param name="handleFactory">Makes the handle.</param>
    /// <returns>A task that ends when the observer is attached.</returns>
    Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory);
}

/// <summary>Makes the handle of a subscription for the type of its events.</summary>
public interface IStreamSubscriptionHandleFactory
{
    /// <summary>The stream.</summary>
    StreamId StreamId { get; }

    /// <summary>The provider that the stream belongs to.</summary>
    string ProviderName { get; }

    /// <summary>Makes the handle.</summary>
    /// <typeparam name="T">The type of the events.</typeparam>
    /// <returns>The handle.</returns>
    StreamSubscriptionHandle<T> Create<T>();
}
