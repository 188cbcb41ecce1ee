using Orleans.Hosting;
using Orleans.Runtime.Providers;

namespace ControlPlane.Silo.Wiring;

/// <summary>
/// How long streams bear with a reader or a queue that fails. While a stream's first reader cannot be reached, every other stream of its queue
/// waits too; so an event is given up within a step, which the next step makes good, and a queue whose silo died is read again at once. Orleans
/// would wait a minute, and 10 s.
/// </summary>
internal sealed class StreamPauses : IMessageDeliveryBackoffProvider, IQueueReaderBackoffProvider
{
    private static readonly TimeSpan DeliveryTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <summary>Sets them for a provider.</summary>
    public static void Use(ISiloPersistentStreamConfigurator streams, string provider)
    {
        streams.ConfigurePullingAgent(agents => agents.Configure(agent => agent.MaxEventDeliveryTime = DeliveryTime));
        streams.ConfigureDelegate(services =>
        {
            services.AddKeyedSingleton<IMessageDeliveryBackoffProvider, StreamPauses>(provider);
            services.AddKeyedSingleton<IQueueReaderBackoffProvider, StreamPauses>(provider);
        });
    }

    /// <inheritdoc/>
    public TimeSpan Next(int attempt)
    {
        var pause = First * Math.Pow(2, Math.Clamp(attempt, 0, 10));
        return pause < Longest ? pause : Longest;
    }
}
