using System.Collections.Immutable;
using ControlPlane.Core.Anomalies.Health;

namespace ControlPlane.Core.Scaling.Removal;

/// <summary>What is known of a workload's pods that Kubernetes does not know when it chooses the pods to remove.</summary>
[GenerateSerializer, Immutable, Alias("cp.RemovalHints")]
public sealed record RemovalHints
{
    /// <summary>Nothing is known.</summary>
    public static RemovalHints None { get; } = new();

    /// <summary>Pods with a fault at the newest step, worst first.</summary>
    [Id(0)] public ImmutableArray<PodFault> Faults { get; init; } = [];

    /// <summary>Open connections of the pods that report them (signal <see cref="RemovalChoice.ConnectionsSignal"/>).</summary>
    [Id(1)] public ImmutableArray<PodConnections> Connections { get; init; } = [];

    /// <summary>Whether they can change which pods go: otherwise Kubernetes' own choice is as good, and nothing is read or written.</summary>
    public bool Matter() => !Faults.IsEmpty || !Connections.IsEmpty;
}

/// <summary>Open connections of a pod.</summary>
/// <param name="Pod">The pod's name.</param>
/// <param name="Count">Connections.</param>
[GenerateSerializer, Immutable, Alias("cp.PodConnections")]
public sealed record PodConnections([property: Id(0)] string Pod, [property: Id(1)] double Count);
