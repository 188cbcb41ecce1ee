using System.Globalization;
using System.Net;
using ControlPlane.Core.Anomalies.Watch;
using ControlPlane.Silo.Configuration;
using ControlPlane.Silo.Wiring;
using ControlPlane.Silo.Wiring.AddOns;

namespace ControlPlane.Silo;

/// <summary>Settings of the silo; section <c>ControlPlane</c> of the configuration.</summary>
public sealed record SiloOptions
{
    /// <summary>Name of the configuration's section.</summary>
    public const string Section = "ControlPlane";

    /// <summary>Fewest characters of <see cref="AdminToken"/>.</summary>
    public const int ShortestToken = 16;

    private static readonly TimeSpan ShortestProbe = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestProbe = TimeSpan.FromSeconds(10);
    private AdviserReading? _adviser;

    /// <summary>Where grain state is kept. Default <see cref="SiloStorage.File"/>; <see cref="SiloStorage.AdoNet"/> in the Cluster build.</summary>
    public SiloStorage Storage { get; init; } = OrleansWiring.DefaultStorage;

    /// <summary>Folder of the state log for <see cref="SiloStorage.File"/>. Default <c>state</c> in the working folder.</summary>
    public string StoragePath { get; init; } = "state";

    /// <summary>How silos find each other. Default <see cref="SiloClustering.Localhost"/>.</summary>
    public SiloClustering Clustering { get; init; } = SiloClustering.Localhost;

    /// <summary>What carries events between grains. Default <see cref="SiloStreams.Memory"/>.</summary>
    public SiloStreams Streams { get; init; } = SiloStreams.Memory;

    /// <summary>Queues of <see cref="SiloStreams.AdoNet"/>, 1 to 64; every silo of a cluster needs the same number. Default 8.</summary>
    public int StreamQueues { get; init; } = 8;

    /// <summary>PostgreSQL's connection string, for whatever is kept in <c>AdoNet</c>.</summary>
    public string ConnectionString { get; init; } = "";

    /// <summary>The event hub of <see cref="SiloStreams.EventHubs"/>.</summary>
    public EventHubsSettings EventHubs { get; init; } = new();

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

    /// <summary>Encryption between silos; off without a certificate.</summary>
    public TlsSettings Tls { get; init; } = new();

    /// <summary>Whether silos follow the pods of their StatefulSet, so that a deleted pod counts as dead at once. Default false.</summary>
    public bool KubernetesHosting { get; init; }

    /// <summary>How long a silo waits for another's answer to a probe, 0.5 s to 10 s. Default 1.5 s.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>How long a grain call may take before its outcome counts as unknown, 1 s to 1 day. Default 30 s; 5 s in the Cluster build.</summary>
    public TimeSpan ResponseTimeout { get; init; } = OrleansWiring.DefaultResponseTimeout;

    /// <summary>How long a stop may take: calls end, state is stored, the cluster is left; 1 s to 10 min. Default 25 s.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>Token that opens the Orleans dashboard and the state's export and import; empty: both are off.</summary>
    public string AdminToken { get; init; } = "";

    /// <summary>False alarms that are accepted of the signals of one service in 30 days, 0 to 1000; 0: signals are not watched. Default 1.</summary>
    public double FalseAlarmsPerMonth { get; init; } = WatchOptions.DefaultFalseAlarmsPerMonth;

    /// <summary>Name of the cluster that is managed, the first part of its workloads' ids. Default <c>default</c>.</summary>
    public string Cluster { get; init; } = "default";

    /// <summary>Path of a kubeconfig; empty: inside a pod the service account, outside <c>KUBECONFIG</c> or <c>~/.kube/config</c>.</summary>
    public string Kubeconfig { get; init; } = "";

    /// <summary>Context of the kubeconfig; empty: the current one.</summary>
    public string KubeContext { get; init; } = "";

    /// <summary>File of an adviser, made by <c>controlplane train adviser</c>; policies say how far it may go. Empty: none.</summary>
    public string AdviserPath { get; init; } = "";

    /// <summary>What is in <see cref="AdviserPath"/>, read once, so that what runs is what was checked; null without a path.</summary>
    internal AdviserReading? Adviser => AdviserPath.Length == 0 ? null : _adviser?.Path == AdviserPath ? _adviser : _adviser = AdviserWiring.Read(AdviserPath);

    /// <summary>Whether anything is kept in PostgreSQL.</summary>
    internal bool UsesAdoNet => Storage == SiloStorage.AdoNet || Clustering == SiloClustering.AdoNet || Streams == SiloStreams.AdoNet;

    /// <summary>Every fault of the settings, one line each.</summary>
    public IEnumerable<string> Faults()
    {
        if (Storage == SiloStorage.File && string.IsNullOrWhiteSpace(StoragePath)) yield return $"{Section}:StoragePath is empty: File storage needs a folder";
        if (NotNamed(Storage) is { } storage) yield return $"{Section}:Storage {storage}";
        if (NotNamed(Clustering) is { } clustering) yield return $"{Section}:Clustering {clustering}";
        if (NotNamed(Streams) is { } streams) yield return $"{Section}:Streams {streams}";
        foreach (var fault in ClusterFaults()) yield return fault;
        foreach (var fault in OrleansWiring.Faults(this)) yield return fault;
        foreach (var fault in AddOnFaults()) yield return fault;
        foreach (var fault in TimeFaults()) yield return fault;
        if (AdminToken.Length is > 0 and < ShortestToken) yield return $"{Section}:AdminToken has {AdminToken.Length} characters: it opens the state of the service, and needs at least {ShortestToken}";
        if (FalseAlarmsPerMonth is not (>= 0 and <= 1000)) yield return string.Create(CultureInfo.InvariantCulture, $"{Section}:FalseAlarmsPerMonth {FalseAlarmsPerMonth} is not within 0 to 1000");
        if (Cluster.Length == 0 || !Cluster.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.'))
            yield return $"{Section}:Cluster '{Cluster}' is not made of lower-case letters, digits, '-' and '.'";
        if (Adviser?.Fault is { } adviser) yield return $"{Section}:AdviserPath '{AdviserPath}': {adviser}";
        if (Kubeconfig.Length > 0 && !File.Exists(Kubeconfig)) yield return $"{Section}:Kubeconfig: there is no file '{Kubeconfig}'";
    }

    private IEnumerable<string> ClusterFaults()
    {
        if (UsesAdoNet && string.IsNullOrWhiteSpace(ConnectionString)) yield return $"{Section}:ConnectionString is empty: AdoNet needs PostgreSQL's connection string";
        if (string.IsNullOrWhiteSpace(ClusterId)) yield return $"{Section}:ClusterId is empty: silos of one cluster share a name";
        if (string.IsNullOrWhiteSpace(ServiceId)) yield return $"{Section}:ServiceId is empty: state is stored under it";
        if (SiloPort is < 1 or > 65535) yield return $"{Section}:SiloPort {SiloPort} is not within 1 to 65535";
        if (GatewayPort is < 0 or > 65535) yield return $"{Section}:GatewayPort {GatewayPort} is not within 0 to 65535";
        if (GatewayPort == SiloPort) yield return $"{Section}:GatewayPort {GatewayPort} is the SiloPort too: each needs its own";
        if (StreamQueues is < 1 or > 64) yield return $"{Section}:StreamQueues {StreamQueues} is not within 1 to 64";
        if (AdvertisedAddress.Length > 0 && !IPAddress.TryParse(AdvertisedAddress, out _)) yield return $"{Section}:AdvertisedAddress '{AdvertisedAddress}' is not an IP address";
    }

    private IEnumerable<string> AddOnFaults()
    {
        if (Streams == SiloStreams.EventHubs && !EventHubsAddOn.IsBuiltIn)
            yield return $"{Section}:Streams EventHubs is not in this build: build with -p:OrleansEngine=Cluster -p:WithEventHubs=true";
        else if (Streams == SiloStreams.EventHubs)
            foreach (var fault in EventHubs.Faults()) yield return fault;
        if (KubernetesHosting && !KubernetesHostingAddOn.IsBuiltIn)
            yield return $"{Section}:KubernetesHosting true is not in this build: build with -p:OrleansEngine=Cluster -p:WithKubernetesHosting=true";
    }

    private IEnumerable<string> TimeFaults()
    {
        if (ProbeTimeout < ShortestProbe || ProbeTimeout > LongestProbe) yield return $"{Section}:ProbeTimeout {ProbeTimeout} is not within 0.5 s to 10 s";
        if (ResponseTimeout < TimeSpan.FromSeconds(1) || ResponseTimeout > TimeSpan.FromDays(1)) yield return $"{Section}:ResponseTimeout {ResponseTimeout} is not within 1 s to 1 day";
        if (ShutdownTimeout < TimeSpan.FromSeconds(1) || ShutdownTimeout > TimeSpan.FromMinutes(10)) yield return $"{Section}:ShutdownTimeout {ShutdownTimeout} is not within 1 s to 10 min";
    }

    private static string? NotNamed<T>(T value) where T : struct, Enum => Enum.IsDefined(value) ? null : $"{value} is not one of {string.Join(", ", Enum.GetNames<T>())}";
}
