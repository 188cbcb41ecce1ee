using ControlPlane.Core.Scaling;
using ControlPlane.Kubernetes;

namespace ControlPlane.Silo.Wiring;

/// <summary>The cluster that the silo manages.</summary>
public static class KubernetesWiring
{
    /// <summary>Registers client, collector and actuator for the configured cluster.</summary>
    /// <exception cref="KubernetesException">The kubeconfig is not usable.</exception>
    public static void Add(IServiceCollection services, SiloOptions options) => Add(services, new KubernetesOptions
    {
        Cluster = options.Cluster,
        Configuration = options.Kubeconfig.Length > 0
            ? KubeConfig.Load(options.Kubeconfig, options.KubeContext.Length > 0 ? options.KubeContext : null, TimeProvider.System)
            : null,
        Collector = new CollectorOptions { UseCache = true },
        Seed = Environment.ProcessId,
    });

    /// <summary>Registers client, collector and actuator; Events say why in words.</summary>
    public static void Add(IServiceCollection services, KubernetesOptions options) =>
        services.AddKubernetes(options with { Sentence = DecisionReason.Sentence });
}
