namespace ControlPlane.Core.Anomalies.Health;

/// <summary>One pod with a fault.</summary>
[GenerateSerializer, Immutable, Alias("cp.PodFault")]
public sealed record PodFault
{
    /// <summary>The pod's name.</summary>
    [Id(0)] public required string Pod { get; init; }

    /// <summary>When the pod was created, UTC: tells it from a successor of the same name.</summary>
    [Id(1)] public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The node it runs on; null when unknown.</summary>
    [Id(2)] public string? Node { get; init; }

    /// <summary>What is wrong.</summary>
    [Id(3)] public required PodFaultKind Kind { get; init; }

    /// <summary>Since when, UTC.</summary>
    [Id(4)] public required DateTimeOffset Since { get; init; }

    /// <summary>Whether it still gets requests.</summary>
    [Id(5)] public required bool IsReady { get; init; }

    /// <summary>Distance from its peers in robust standard deviations; 0 when its status alone says it.</summary>
    [Id(6)] public double Score { get; init; }

    /// <summary>What it rests on, one sentence.</summary>
    [Id(7)] public string Evidence { get; init; } = "";
}
