namespace ControlPlane.Embedded.Virtual;

/// <summary>How a virtual run is set up.</summary>
public sealed record VirtualClusterOptions
{
    /// <summary>The time at which a run starts. Default 2026-01-01 00:00 UTC, a Thursday.</summary>
    public DateTimeOffset StartTime { get; init; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The turns after which a run is taken to be endless. Default 200 million.</summary>
    public long MaxTurns { get; init; } = 200_000_000;

    /// <summary>Whether the run's trace is kept as text besides its fingerprint. Default false.</summary>
    public bool KeepsTraceLines { get; init; }

    /// <summary>
    /// Whether the run fails if the process's thread pool did anything meanwhile. Only where nothing else runs in the process and
    /// the same services were used before. Default false.
    /// </summary>
    public bool ChecksThreadPool { get; init; }
}

/// <summary>What a virtual run did.</summary>
public sealed record VirtualRunResult
{
    /// <summary>The seed.</summary>
    public required long Seed { get; init; }

    /// <summary>A fingerprint of everything that was done, in order: equal for two runs of one seed.</summary>
    public required ulong TraceHash { get; init; }

    /// <summary>The number of turns.</summary>
    public required long Turns { get; init; }

    /// <summary>The virtual time that passed.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The trace as text, oldest first; empty unless kept.</summary>
    public required IReadOnlyList<string> TraceLines { get; init; }
}

/// <summary>A virtual run failed. The message names the seed, the inner exception is what failed.</summary>
/// <param name="seed">The seed.</param>
/// <param name="innerException">What failed.</param>
public sealed class VirtualRunException(long seed, Exception innerException)
    : Exception($"The virtual run with seed {seed} failed: {innerException.Message}", innerException)
{
    /// <summary>The seed.</summary>
    public long Seed { get; } = seed;
}
