namespace ControlPlane.Silo;

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
    /// <summary>One log file on disk; it survives a crash; only in the Embedded build.</summary>
    File,

    /// <summary>Memory only; for demos and tests.</summary>
    Memory,

    /// <summary>A table in PostgreSQL that every silo reaches; only in the Cluster build.</summary>
    AdoNet,
}

/// <summary>What carries events between grains.</summary>
public enum SiloStreams
{
    /// <summary>Memory of the silos: quickest, and what is on its way is lost with a silo, which the next step makes good.</summary>
    Memory,

    /// <summary>Tables in PostgreSQL: events outlive a silo, at several queries an event; only in the Cluster build.</summary>
    AdoNet,

    /// <summary>Azure Event Hubs; only in the Cluster build with <c>-p:WithEventHubs=true</c>.</summary>
    EventHubs,
}
