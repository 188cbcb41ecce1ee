using Orleans.Hosting;

namespace ControlPlane.Silo.Wiring.AddOns;

/// <summary>Silos that follow their pods; not in this build.</summary>
internal static class KubernetesHostingAddOn
{
    public static bool IsBuiltIn => false;

    public static void Add(ISiloBuilder silo) => throw new NotSupportedException("this build has no Kubernetes hosting");
}
