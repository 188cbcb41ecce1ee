namespace ControlPlane.Core.Policies;

/// <summary>Whether a workload without demand gives up all of its replicas. The demand must be measured elsewhere than in its pods.</summary>
[GenerateSerializer, Immutable, Alias("cp.ScaleToZeroPolicy")]
public sealed record ScaleToZeroPolicy
{
    /// <summary>It does not.</summary>
    public static readonly ScaleToZeroPolicy Never = new();

    /// <summary>Whether it does. Default false.</summary>
    [Id(0)] public bool Enabled { get; init; }

    /// <summary>How long there must have been no demand. Default 10 min.</summary>
    [Id(1)] public TimeSpan After { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Requests per second up to which there counts as none; above it the replicas come back. Default 0.</summary>
    [Id(2)] public double Activation { get; init; }
}
