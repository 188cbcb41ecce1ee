using System.Net;
using ControlPlane.Silo.Wiring;

namespace ControlPlane.Silo;

/// <summary>Settings of the silo; section <c>ControlPlane</c> of the configuration.</summary>
public sealed record SiloOptions
{
    /// <summary>Name of the configuration's section.</summary>
    public const string Section = "ControlPlane";

    private static readonly TimeSpan ShortestProbe = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestProbe = TimeSpan.FromSeconds(10);

    /// <summary>Where grain state is kept. Default <see cref="SiloStorage.File"/>; <see cref="SiloStorage.AdoNet"/> in the Cluster build.</summary>
    public SiloStorage Storage { get; init; } = OrleansWiring.DefaultStorage;

    /// <summary>Folder of the state log for <see cref="SiloStorage.File"/>. Default <c>state</c> in the working folder.</summary>
    public string StoragePath { get; init; } = "state";

    /// <summary>How silos find each other. Default <see cref="SiloClustering.Localhost"/>.</summary>
    public SiloClustering Clustering { get; init; } = SiloClustering.Localhost;

    /// <summary>PostgreSQL's connection string, for <see cref="SiloClustering.AdoNet"/> and <see cref="SiloStorage.AdoNet"/>.</summary>
    public string ConnectionString { get; init; } = "";

    /// <summary>Name of the cluster of silos; silos of one name form one cluster. Default <c>controlplane</c>.</summary>
    public string ClusterId { get; init; } = "controlplane";

    /// <summary>Name under which state is stored; it must outlive upgrades. Default <c>controlplane</c>.</summary>
    public string ServiceId { get; init; } = "controlplane";

    /// <summary>Port between silos, 1 to 65535. Default 11111.</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary>Port for grain clients; 0: none. Default 30000.</summary>
    public int GatewayPort { get; init; } = 30000;

    /// <summary>IP address that other silos reach this one at. Default: the variable <c>POD_IP</c>; empty: the host's own.</summary>
    public string AdvertisedAddress { get; init; } = Environment.GetEnvironmentVariable("POD_IP") ?? "";

    /// <summary>How long a silo waits for another's answer to a probe, 0.5 s to 10 s. Default 1.5 s.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>How long a grain call may take before its outcome counts as unknown, 1 s to 1 day. Default 30 s.</summary>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Name of the cluster that is managed, the first part of its workloads' ids. Default <c>default</c>.</summary>
    public string Cluster { get; init; } = "default";

    /// <summary>Path of a kubeconfig; empty: inside a pod the service account, outside <c>KUBECONFIG</c> or <c>~/.kube/config</c>.</summary>
    public string Kubeconfig { get; init; } = "";

    /// <summary>Context of the kubeconfig; empty: the current one.</summary>
    public string KubeContext { get; init; } = "";

    /// <summary>Every fault of the settings, one line each.</summary>
    public IEnumerable<string> Faults()
    {
        if (Storage == SiloStorage.File && string.IsNullOrWhiteSpace(StoragePath)) yield return $"{Section}:StoragePath is empty: File storage needs a folder";
        if (!Enum.IsDefined(Storage)) yield return $"{Section}:Storage {Storage} is not one of {string.Join(", ", Enum.GetNames<SiloStorage>())}";
        if (!Enum.IsDefined(Clustering)) yield return $"{Section}:Clustering {Clustering} is not one of {string.Join(", ", Enum.GetNames<SiloClustering>())}";
        foreach (var fault in ClusterFaults()) yield return fault;
        foreach (var fault in OrleansWiring.Faults(this)) yield return fault;
        if (ResponseTimeout < TimeSpan.FromSeconds(1) || ResponseTimeout > TimeSpan.FromDays(1)) yield return $"{Section}:ResponseTimeout {ResponseTimeout} is not within 1 s to 1 day";
        if (Cluster.Length == 0 || !Cluster.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.'))
            yield return $"{Section}:Cluster '{Cluster}' is not made of lower-case letters, digits, '-' and '.'";
        if (Kubeconfig.Length > 0 && !File.Exists(Kubeconfig)) yield return $"{Section}:Kubeconfig: there is no file '{Kubeconfig}'";
    }

    private IEnumerable<string> ClusterFaults()
    {
        if ((Storage == SiloStorage.AdoNet || Clustering == SiloClustering.AdoNet) && string.IsNullOrWhiteSpace(ConnectionString))
            yield return $"{Section}:ConnectionString is empty: AdoNet needs PostgreSQL's connection string";
        if (string.IsNullOrWhiteSpace(ClusterId)) yield return $"{Section}:ClusterId is empty: silos of one cluster share a name";
        if (string.IsNullOrWhiteSpace(ServiceId)) yield return $"{Section}:ServiceId is empty: state is stored under it";
        if (SiloPort is < 1 or > 65535) yield return $"{Section}:SiloPort {SiloPort} is not within 1 to 65535";
        if (GatewayPort is < 0 or > 65535) yield return $"{Section}:GatewayPort {GatewayPort} is not within 0 to 65535";
        if (GatewayPort == SiloPort) yield return $"{Section}:GatewayPort {GatewayPort} is the SiloPort too: each needs its own";
        if (AdvertisedAddress.Length > 0 && !IPAddress.TryParse(AdvertisedAddress, out _)) yield return $"{Section}:AdvertisedAddress '{AdvertisedAddress}' is not an IP address";
        if (ProbeTimeout < ShortestProbe || ProbeTimeout > LongestProbe) yield return $"{Section}:ProbeTimeout {ProbeTimeout} is not within 0.5 s to 10 s";
    }
}

/// <summary>How silos find each other.</summary>
public enum SiloClustering
{
    /// <summary>One silo on this machine.</summary>
    Localhost,

    /// <summary>A table in PostgreSQL that every silo of the cluster writes itself into; only in the Cluster build.</summary>
    AdoNet,
}

/// <summary>Where grain state is kept.</summary>
public enum SiloStorage
{
    /// <summary>One log file on disk; it survives a crash.</summary>
    File,

    /// <summary>Memory only; for demos and tests.</summary>
    Memory,

    /// <summary>A table in PostgreSQL that every silo reaches; only in the Cluster build.</summary>
    AdoNet,
}
