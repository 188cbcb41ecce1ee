using ControlPlane.Embedded.Streams;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace ControlPlane.Embedded.Runtime;

/// <summary>The observers that an activation has attached to its subscriptions. Used in its turns only.</summary>
internal sealed partial class Activation
{
    private Subscription? _subscriptions;

    internal void SetObserver(string provider, StreamId streamId, object? observer)
    {
        if (Running != this)
        {
            throw new InvalidOperationException("Observers can only be attached in a turn of their grain.");
        }

        SubscriptionOf(provider, streamId).Observer = observer;
    }

    /// <summary>The observer of a subscription; the grain is asked to attach one if it has none.</summary>
    /// <returns>The observer; null if the grain wants none.</returns>
    internal ValueTask<IAsyncObserver<T>?> ObserverAsync<T>(StreamPump pump)
    {
        if (pump.Subscription is not { } subscription || subscription.Owner != this)
        {
            pump.Subscription = subscription = SubscriptionOf(pump.ProviderName, pump.StreamId);
            subscription.Pump = pump;
        }

        return subscription.Observer is IAsyncObserver<T> observer ? new(observer) : AttachedAsync<T>(subscription);
    }

    private async ValueTask<IAsyncObserver<T>?> AttachedAsync<T>(Subscription subscription)
    {
        var (provider, streamId) = (subscription.Provider, subscription.StreamId);
        if (subscription.Observer is null && GrainInstance is IStreamSubscriptionObserver grain)
        {
            await grain.OnSubscribed(new EmbeddedHandleFactory(this, streamId, provider));
        }

        return subscription.Observer switch
        {
            null => null,
            IAsyncObserver<T> observer => observer,
            var other => throw new InvalidOperationException($"Stream {streamId} carries {typeof(T)} but {GrainId} attached {other.GetType()}."),
        };
    }

    private Subscription SubscriptionOf(string provider, StreamId streamId)
    {
        for (var subscription = _subscriptions; subscription is not null; subscription = subscription.Next)
        {
            if (subscription.StreamId == streamId && subscription.Provider == provider)
            {
                return subscription;
            }
        }

        return _subscriptions = new Subscription(this, provider, streamId, _subscriptions);
    }

    /// <summary>Lets the pumps go that fed this activation and have nothing more for it.</summary>
    private void DisposePumps()
    {
        for (var subscription = _subscriptions; subscription is not null; subscription = subscription.Next)
        {
            subscription.Pump?.CloseIfEmpty();
        }
    }

    /// <summary>What an activation has attached to one stream.</summary>
    internal sealed class Subscription(Activation owner, string provider, StreamId streamId, Subscription? next)
    {
        internal Activation Owner { get; } = owner;

        /// <summary>Where its events come from.</summary>
        internal StreamPump? Pump { get; set; }

        internal string Provider { get; } = provider;

        internal StreamId StreamId { get; } = streamId;

        internal Subscription? Next { get; } = next;

        internal object? Observer { get; set; }
    }
}
