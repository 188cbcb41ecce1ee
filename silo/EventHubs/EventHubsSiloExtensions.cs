using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Streams;

namespace ControlPlane.Silo.EventHubs;

/// <summary>Streams over Azure Event Hubs.</summary>
public static class EventHubsSiloExtensions
{
    /// <summary>
    /// Carries a stream provider's events over an event hub. How far each partition was read is kept in grain storage, so that no Azure table is
    /// needed; without that mark a partition is read from now on, since old events are of no use to a control loop.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="provider">Name of the stream provider.</param>
    /// <param name="storage">Name of the grain storage for the marks.</param>
    /// <param name="connectionString">Connection string of the Event Hubs namespace.</param>
    /// <param name="hub">Name of the hub.</param>
    /// <param name="consumerGroup">Consumer group of this cluster of silos alone.</param>
    /// <returns>The silo.</returns>
    public static ISiloBuilder AddEventHubs(
        this ISiloBuilder silo, string provider, string storage, string connectionString, string hub, string consumerGroup) =>
        silo.AddEventHubStreams(provider, streams =>
        {
            streams.ConfigureEventHub(hubs => hubs.Configure(options => options.ConfigureEventHubConnection(connectionString, hub, consumerGroup)));
            streams.ConfigurePartitionReceiver(receivers => receivers.Configure(options => options.StartFromNow = true));
            streams.UseGrainCheckpointer(marks => marks.Configure(options => options.StorageProviderName = storage));
            // Pub-sub by grain type alone: no subscription is ever stored, and an event costs no look-up.
            streams.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly);
        });
}
