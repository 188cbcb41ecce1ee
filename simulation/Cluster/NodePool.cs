using ControlPlane.Simulation.Services;

namespace ControlPlane.Simulation.Cluster;

/// <summary>The cluster's nodes: room for pods by CPU, memory and number; the least loaded node takes the next pod.</summary>
internal sealed class NodePool : IPodPlacement
{
    private readonly List<SimulatedNode> _nodes = [];
    private readonly SimulatedClusterOptions _options;

    public NodePool(SimulatedClusterOptions options)
    {
        _options = options;
        for (var i = 1; i <= options.Nodes; i++) _nodes.Add(new SimulatedNode($"node-{i}"));
    }

    public IReadOnlyList<SimulatedNode> Nodes => _nodes;

    /// <summary>Whether room was given back since this was last set to false.</summary>
    public bool HasFreedRoom { get; set; }

    /// <summary>Called when a node goes or comes back.</summary>
    public Action<SimulatedNode>? Changed { get; set; }

    public string? Place(SimulatedService service, SimulatedPod pod)
    {
        SimulatedNode? best = null;
        foreach (var node in _nodes)
        {
            if (node.IsLost || node.IsCordoned || !Fits(node, service.Profile)) continue;
            if (best is null || node.CpuMillicores < best.CpuMillicores) best = node;
        }

        if (best is null) return null;
        best.CpuMillicores += service.Profile.CpuRequestMillicores;
        best.MemoryBytes += service.Profile.MemoryRequestBytes;
        best.Pods++;
        return best.Name;
    }

    public void Remove(SimulatedService service, SimulatedPod pod)
    {
        if (_nodes.Find(n => n.Name == pod.Node) is not { } node) return;
        node.CpuMillicores -= service.Profile.CpuRequestMillicores;
        node.MemoryBytes -= service.Profile.MemoryRequestBytes;
        node.Pods--;
        HasFreedRoom = true;
    }

    public void LoseNode(int number, DateTimeOffset until)
    {
        var alive = _nodes.FindAll(n => !n.IsLost);
        if (alive.Count > 0) LoseNode(alive[(number & int.MaxValue) % alive.Count], until);
    }

    public string? NodeOf(int number)
    {
        var alive = _nodes.FindAll(n => !n.IsLost);
        return alive.Count > 0 ? alive[(number & int.MaxValue) % alive.Count].Name : null;
    }

    public void LoseNode(SimulatedNode node, DateTimeOffset until)
    {
        node.LostUntil = until;
        Changed?.Invoke(node);
    }

    public void AdvanceTo(DateTimeOffset time)
    {
        foreach (var node in _nodes)
        {
            if (!(node.LostUntil <= time)) continue;
            node.LostUntil = null;
            HasFreedRoom = true;
            Changed?.Invoke(node);
        }
    }

    private bool Fits(SimulatedNode node, ServiceProfile profile) =>
        node.CpuMillicores + profile.CpuRequestMillicores <= _options.NodeCpuMillicores
        && node.MemoryBytes + profile.MemoryRequestBytes <= _options.NodeMemoryBytes
        && node.Pods < _options.NodePods;
}

/// <summary>A node and what its pods have asked for.</summary>
internal sealed class SimulatedNode(string name)
{
    public string Name { get; } = name;

    public long CpuMillicores { get; set; }

    public long MemoryBytes { get; set; }

    public int Pods { get; set; }

    public bool IsCordoned { get; set; }

    public DateTimeOffset? LostUntil { get; set; }

    public bool IsLost => LostUntil is not null;
}
