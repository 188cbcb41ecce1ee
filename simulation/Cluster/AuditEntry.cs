namespace ControlPlane.Simulation.Cluster;

/// <summary>One write that reached the simulated API, whatever became of it.</summary>
public sealed record AuditEntry
{
    /// <summary>The cluster's time.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The HTTP method.</summary>
    public required string Verb { get; init; }

    /// <summary>The path without its query.</summary>
    public required string Path { get; init; }

    /// <summary>The client's name of itself; empty when it has none.</summary>
    public required string UserAgent { get; init; }

    /// <summary>Replicas before the write; null when it touched no replicas.</summary>
    public int? FromReplicas { get; init; }

    /// <summary>Replicas after the write; null when it touched no replicas.</summary>
    public int? ToReplicas { get; init; }

    /// <summary>The HTTP status that was answered; 0 when the answer was lost on the way.</summary>
    public required int StatusCode { get; init; }
}
