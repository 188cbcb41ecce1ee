namespace ControlPlane.Core.Anomalies.Health;

/// <summary>What stands behind a trouble that is not one pod's.</summary>
[GenerateSerializer, Alias("cp.CommonCause")]
public enum CommonCause
{
    /// <summary>Nothing common is known.</summary>
    None,

    /// <summary>All faulty pods are on one node, and the node's pods of this workload are all faulty.</summary>
    Node,

    /// <summary>Most pods fail or are slow at once though they are not overloaded: something that all of them need.</summary>
    Dependency,

    /// <summary>The pods of a new release are the faulty ones.</summary>
    Release,

    /// <summary>The signals are missing, frozen or of another time: nothing can be said about the pods.</summary>
    Input,

    /// <summary>The pods are busy beyond what keeps the objective: a matter of replicas, not of healing.</summary>
    Overload,
}
