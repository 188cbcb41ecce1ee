namespace ControlPlane.Simulation.Faults;

/// <summary>What is done about faults beside what Kubernetes does by itself (restarts of ended containers, pods of lost nodes after 5 min).</summary>
public enum FaultTreatment
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Liveness probes: every 10 s, 1 s to answer, three failures restart the container.</summary>
    LivenessProbes,

    /// <summary>Our healing, without liveness probes.</summary>
    Healing,
}
