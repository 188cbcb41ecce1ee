namespace ControlPlane.Grains.Work;

/// <summary>Bounds of <see cref="IBackgroundWork"/>.</summary>
public sealed record WorkOptions
{
    /// <summary>Computations at a time. Default 1.</summary>
    public int Parallelism { get; init; } = 1;

    /// <summary>Computations that may wait. Default 256.</summary>
    public int QueueLength { get; init; } = 256;

    /// <summary>Longest time of one computation. Default 5 min.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Most bytes that one computation may allocate. Default 512 MiB.</summary>
    public long MemoryLimitBytes { get; init; } = 512L << 20;

    /// <summary>Chooses the moments of <see cref="DeferredWork"/>. Default 0.</summary>
    public long Seed { get; init; }
}
