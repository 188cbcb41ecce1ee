using ControlPlane.Core.Scaling;

namespace ControlPlane.Kubernetes;

/// <summary>How the control plane reaches its cluster and how it acts there.</summary>
public sealed record KubernetesOptions
{
    /// <summary>Name of the cluster, the first part of its workloads' ids. Default <c>local</c>.</summary>
    public string Cluster { get; init; } = "local";

    /// <summary>The API server; null: the in-cluster configuration where there is one, else the kubeconfig's current context.</summary>
    public ClusterConfiguration? Configuration { get; init; }

    /// <summary>Makes the handler that carries the requests, for example one in memory; null: sockets.</summary>
    public Func<HttpMessageHandler>? Handler { get; init; }

    /// <summary>
    /// Measures the time-outs of requests; null: the registered clock. Over sockets, a clock that runs faster than real time needs the
    /// system's here, or every request times out at once.
    /// </summary>
    public TimeProvider? TransportTime { get; init; }

    /// <summary>Random numbers within [0, 1) for waits; null: a sequence from <see cref="Seed"/>.</summary>
    public Func<double>? Jitter { get; init; }

    /// <summary>Seed of the waits' random numbers; instances of one fleet want different ones.</summary>
    public int Seed { get; init; }

    /// <summary>Says why a decision is what it is, for Kubernetes Events; null: replicas and reason code.</summary>
    public Func<ScalingDecision, string>? Sentence { get; init; }

    /// <summary>Bounds of the client.</summary>
    public KubernetesClientOptions Client { get; init; } = new();

    /// <summary>What is collected.</summary>
    public CollectorOptions Collector { get; init; } = new();

    /// <summary>Bounds of the actuator.</summary>
    public ActuatorOptions Actuator { get; init; } = new();

    /// <summary>All that is wrong with the options, one sentence each; empty when they hold.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        if (string.IsNullOrEmpty(Cluster) || Cluster.Contains('/')) faults.Add($"{nameof(Cluster)} is '{Cluster}': it must be a name without '/'.");
        faults.AddRange(Client.Validate().Select(f => $"{nameof(Client)}.{f}"));
        faults.AddRange(Collector.Validate().Select(f => $"{nameof(Collector)}.{f}"));
        faults.AddRange(Actuator.Validate().Select(f => $"{nameof(Actuator)}.{f}"));
        return faults;
    }
}
