using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ControlPlane.Kubernetes;

/// <summary>Registers the Kubernetes client and what rests on it.</summary>
public static class KubernetesServices
{
    /// <summary>
    /// Registers <see cref="IKubernetesClients"/>, <see cref="IWorkloadCollector"/>, <see cref="IScaleActuator"/>, <see cref="IPodMarker"/> and <see cref="IPodHealer"/>. The clock is the
    /// registered <see cref="TimeProvider"/>, else the system's. The cluster's configuration is read when the first of them is made.
    /// </summary>
    /// <exception cref="ArgumentException">The options do not hold; the message names every fault.</exception>
    public static IServiceCollection AddKubernetes(this IServiceCollection services, KubernetesOptions options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        var faults = options.Validate();
        if (faults.Count > 0) throw new ArgumentException(string.Join(Environment.NewLine, faults), nameof(options));

        var jitter = options.Jitter ?? SeededJitter(options.Seed);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IKubernetesClients>(p => new ConfiguredClients([new(options.Cluster, MakeClient(options, options.TransportTime ?? p.GetRequiredService<TimeProvider>()))]));
        services.AddSingleton<IScaleActuator>(p => new ScaleActuator(
            p.GetRequiredService<IKubernetesClients>(), options.Actuator, options.Sentence, p.GetRequiredService<TimeProvider>(), jitter));
        services.AddSingleton<IPodMarker>(p => new PodMarker(p.GetRequiredService<IKubernetesClients>(), options.Actuator, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IPodHealer>(p => new PodHealer(p.GetRequiredService<IKubernetesClients>(), options.Actuator, p.GetRequiredService<TimeProvider>(), jitter));
        if (options.Collector.UseCache) services.AddSingleton(p => new WorkloadCache(options.Collector, p.GetRequiredService<TimeProvider>(), jitter));
        services.AddSingleton<IWorkloadCollector>(p => new KubernetesCollector(
            p.GetRequiredService<IKubernetesClients>(),
            options.Collector,
            options.Collector.UseCache ? p.GetRequiredService<WorkloadCache>() : new DirectSource(),
            p.GetRequiredService<TimeProvider>()));
        return services;
    }

    private static KubernetesClient MakeClient(KubernetesOptions options, TimeProvider time)
    {
        var configuration = options.Configuration ?? ClusterConfiguration.Default(time);
        return options.Handler is { } handler
            ? new KubernetesClient(handler(), configuration.Server, time, configuration.Tokens, options.Client)
            : KubernetesClient.Create(configuration, time, options.Client);
    }

    private static Func<double> SeededJitter(int seed)
    {
        var random = new Random(seed);
        var gate = new Lock();
        return () =>
        {
            lock (gate) return random.NextDouble();
        };
    }
}
