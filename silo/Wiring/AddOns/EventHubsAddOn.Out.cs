using ControlPlane.Silo.Configuration;
using Orleans.Hosting;

namespace ControlPlane.Silo.Wiring.AddOns;

/// <summary>Streams over Azure Event Hubs; not in this build.</summary>
internal static class EventHubsAddOn
{
    public static bool IsBuiltIn => false;

    public static void Add(ISiloBuilder silo, EventHubsSettings settings) => throw new NotSupportedException("this build has no Event Hubs");
}
