using ControlPlane.GrainInterfaces;
using ControlPlane.Silo.Configuration;
using ControlPlane.Silo.EventHubs;
using Orleans.Hosting;

namespace ControlPlane.Silo.Wiring.AddOns;

/// <summary>Streams over Azure Event Hubs.</summary>
internal static class EventHubsAddOn
{
    public static bool IsBuiltIn => true;

    public static void Add(ISiloBuilder silo, EventHubsSettings settings) =>
        silo.AddEventHubs(StreamNames.Provider, StorageNames.Grains, settings.ConnectionString, settings.Name, settings.ConsumerGroup);
}
