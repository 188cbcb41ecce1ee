namespace ControlPlane.Simulation.Cluster;

/// <summary>Size and limits of a simulated cluster.</summary>
public sealed record SimulatedClusterOptions
{
    /// <summary>Number of nodes. Default 8.</summary>
    public int Nodes { get; init; } = 8;

    /// <summary>CPU of a node that pods may ask for, thousandths of a core. Default 32 cores.</summary>
    public int NodeCpuMillicores { get; init; } = 32_000;

    /// <summary>Memory of a node that pods may ask for, bytes. Default 128 GiB.</summary>
    public long NodeMemoryBytes { get; init; } = 128L << 30;

    /// <summary>Pods that a node may hold. Default 110, as Kubernetes has it.</summary>
    public int NodePods { get; init; } = 110;

    /// <summary>Changes that a watch can look back on. Default 8192.</summary>
    public int WatchHistory { get; init; } = 8192;

    /// <summary>Events that are kept. Default 2000.</summary>
    public int Events { get; init; } = 2000;

    /// <summary>Writes that the audit list keeps. Default 100,000.</summary>
    public int AuditEntries { get; init; } = 100_000;

    /// <summary>Throws when a limit is not positive.</summary>
    /// <exception cref="ArgumentException">A limit is not positive.</exception>
    internal void Validate()
    {
        (string Name, long Value)[] limits =
        [
            (nameof(Nodes), Nodes), (nameof(NodeCpuMillicores), NodeCpuMillicores), (nameof(NodeMemoryBytes), NodeMemoryBytes), (nameof(NodePods), NodePods),
            (nameof(WatchHistory), WatchHistory), (nameof(Events), Events), (nameof(AuditEntries), AuditEntries),
        ];
        var broken = limits.Where(l => l.Value <= 0).Select(l => $"{l.Name} {l.Value} must be positive").ToArray();
        if (broken.Length > 0) throw new ArgumentException($"The cluster's options are wrong: {string.Join("; ", broken)}.");
    }
}
