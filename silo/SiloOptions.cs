namespace ControlPlane.Silo;

/// <summary>Settings of the silo; section <c>ControlPlane</c> of the configuration.</summary>
public sealed record SiloOptions
{
    /// <summary>Name of the configuration's section.</summary>
    public const string Section = "ControlPlane";

    /// <summary>Where grain state is kept. Default <see cref="SiloStorage.File"/>.</summary>
    public SiloStorage Storage { get; init; } = SiloStorage.File;

    /// <summary>Folder of the state log for <see cref="SiloStorage.File"/>. Default <c>state</c> in the working folder.</summary>
    public string StoragePath { get; init; } = "state";

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
        if (ResponseTimeout < TimeSpan.FromSeconds(1) || ResponseTimeout > TimeSpan.FromDays(1)) yield return $"{Section}:ResponseTimeout {ResponseTimeout} is not within 1 s to 1 day";
        if (Cluster.Length == 0 || !Cluster.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.'))
            yield return $"{Section}:Cluster '{Cluster}' is not made of lower-case letters, digits, '-' and '.'";
        if (Kubeconfig.Length > 0 && !File.Exists(Kubeconfig)) yield return $"{Section}:Kubeconfig: there is no file '{Kubeconfig}'";
    }
}

/// <summary>Where grain state is kept.</summary>
public enum SiloStorage
{
    /// <summary>One log file on disk; it survives a crash.</summary>
    File,

    /// <summary>Memory only; for demos and tests.</summary>
    Memory,
}
