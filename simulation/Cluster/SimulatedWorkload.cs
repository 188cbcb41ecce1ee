using ControlPlane.Simulation.Services;

namespace ControlPlane.Simulation.Cluster;

/// <summary>A deployment or stateful set with the model that moves its pods.</summary>
internal sealed class SimulatedWorkload(ResourceType type, string space, string name, SimulatedService service)
{
    public ResourceType Type { get; } = type;

    public string Namespace { get; } = space;

    public string Name { get; } = name;

    public SimulatedService Service { get; } = service;

    /// <summary>The pods' owner: the replica set's name, or the stateful set's own.</summary>
    public string OwnerName => Type == ResourceTypes.Deployments ? $"{Name}-{Service.TemplateHash}" : Name;

    public ResourceType OwnerType => Type == ResourceTypes.Deployments ? ResourceTypes.ReplicaSets : Type;

    /// <summary>Whether pods changed since the status was written.</summary>
    public bool IsDirty { get; set; } = true;
}
