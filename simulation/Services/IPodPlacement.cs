namespace ControlPlane.Simulation.Services;

/// <summary>Where pods find room.</summary>
internal interface IPodPlacement
{
    /// <summary>Puts a pod on a node; null when none has room.</summary>
    string? Place(SimulatedService service, SimulatedPod pod);

    /// <summary>Gives a pod's room back.</summary>
    void Remove(SimulatedService service, SimulatedPod pod);

    /// <summary>A node is gone until a moment; the number picks one among those that live.</summary>
    void LoseNode(int number, DateTimeOffset until);

    /// <summary>The node that <see cref="LoseNode"/> would lose; null when none lives.</summary>
    string? NodeOf(int number);

    /// <summary>Lets lost nodes come back in time.</summary>
    void AdvanceTo(DateTimeOffset time);
}

/// <summary>Nodes of unlimited size for a service that stands alone.</summary>
internal sealed class OpenPlacement(SimulatedService service) : IPodPlacement
{
    private const int Nodes = 4;

    private readonly DateTimeOffset?[] _lostUntil = new DateTimeOffset?[Nodes];

    public string? Place(SimulatedService owner, SimulatedPod pod)
    {
        for (var i = 0; i < Nodes; i++)
        {
            var node = (int)((pod.Ordinal + i) % Nodes);
            if (_lostUntil[node] is null) return Name(node);
        }

        return null;
    }

    public void Remove(SimulatedService owner, SimulatedPod pod)
    {
    }

    public void LoseNode(int number, DateTimeOffset until)
    {
        var node = (number & int.MaxValue) % Nodes;
        _lostUntil[node] = until;
        service.OnNodeLost(Name(node));
    }

    public string? NodeOf(int number) => Name((number & int.MaxValue) % Nodes);

    public void AdvanceTo(DateTimeOffset time)
    {
        for (var i = 0; i < Nodes; i++)
        {
            if (!(_lostUntil[i] <= time)) continue;
            _lostUntil[i] = null;
            service.OnNodeRestored(Name(i));
        }
    }

    private static string Name(int node) => $"node-{node + 1}";
}
