using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;

namespace ControlPlane.Silo.KubernetesHosting;

/// <summary>Silos that follow their pods.</summary>
public static class FollowPodsExtensions
{
    /// <summary>
    /// Has silos watch the pods of their namespace: a silo whose pod was deleted counts as dead at once. Names come from <c>POD_NAME</c>,
    /// <c>POD_NAMESPACE</c> and <c>POD_IP</c>. Pods are never deleted by it, since a StatefulSet replaces its own.
    /// </summary>
    public static ISiloBuilder FollowPods(this ISiloBuilder silo) =>
        silo.UseKubernetesHosting(hosting => hosting.Configure(options => options.DeleteDefunctSiloPods = false));
}
