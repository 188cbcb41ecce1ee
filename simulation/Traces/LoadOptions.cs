namespace ControlPlane.Simulation.Traces;

/// <summary>How a trace becomes the demand of a simulated service.</summary>
public sealed record LoadOptions
{
    /// <summary>Default of <see cref="Step"/>.</summary>
    public static readonly TimeSpan DefaultStep = TimeSpan.FromSeconds(15);

    /// <summary>Length of a tick. It divides the recorded interval or is a multiple of it. Default 15 s.</summary>
    public TimeSpan Step { get; init; } = DefaultStep;

    /// <summary>Factor on the demand, positive. Default 1.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Where in the trace the load starts, a multiple of the step. Default 0.</summary>
    public TimeSpan Offset { get; init; }

    /// <summary>Length of the load; null reaches to the end of the trace.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Whether the trace starts over at its end. Default false: the last value holds.</summary>
    public bool Wrap { get; init; }

    /// <summary>
    /// Seed of the random split of an interval's requests over its ticks; null holds the mean rate constant. Either way the sum over
    /// the interval is the recorded one. Never interpolated: that would leak the next interval into this one.
    /// </summary>
    public ulong? SplitSeed { get; init; }
}
