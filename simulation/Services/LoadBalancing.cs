namespace ControlPlane.Simulation.Services;

/// <summary>How requests are spread over the ready pods.</summary>
public enum LoadBalancing
{
    /// <summary>In turn: every pod the same number, whatever its speed.</summary>
    RoundRobin,

    /// <summary>To the pod with the fewest open requests: in proportion to speed.</summary>
    LeastConnections,

    /// <summary>The less loaded of two random pods: between the former two.</summary>
    PowerOfTwoChoices,

    /// <summary>By the client's address: every client keeps its pod, so that pods get uneven shares.</summary>
    IpHash,
}
