namespace ControlPlane.Core.Scaling.Hpa;

/// <summary>A number of replicas, or a change of it, at a moment.</summary>
[GenerateSerializer, Immutable, Alias("cp.TimedReplicas")]
public readonly record struct TimedReplicas
{
    /// <summary>Makes an entry.</summary>
    public TimedReplicas(DateTimeOffset time, int replicas) => (Time, Replicas) = (time, replicas);

    /// <summary>The moment, UTC.</summary>
    [Id(0)] public DateTimeOffset Time { get; init; }

    /// <summary>Replicas recommended, or pods added or removed (then greater than 0).</summary>
    [Id(1)] public int Replicas { get; init; }
}
