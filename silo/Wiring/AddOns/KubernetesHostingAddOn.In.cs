using ControlPlane.Silo.KubernetesHosting;
using Orleans.Hosting;

namespace ControlPlane.Silo.Wiring.AddOns;

/// <summary>Silos that follow their pods.</summary>
internal static class KubernetesHostingAddOn
{
    public static bool IsBuiltIn => true;

    public static void Add(ISiloBuilder silo) => silo.FollowPods();
}
