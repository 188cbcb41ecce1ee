namespace ControlPlane.Simulation.Traces;

/// <summary>How a trace file is to be read.</summary>
public sealed record TraceOptions
{
    /// <summary>Default of <see cref="MaxGap"/>.</summary>
    public static readonly TimeSpan DefaultMaxGap = TimeSpan.FromDays(1);

    /// <summary>The value column by its header; null takes the first numeric one after the timestamp.</summary>
    public string? Column { get; init; }

    /// <summary>The recorded interval; null takes the file's most common distance between rows. A file of one row needs it.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>Whether the values are requests per second already. Default false: they count requests per interval.</summary>
    public bool ValuesAreRates { get; init; }

    /// <summary>The longest run of unknown intervals that is let pass. Default one day.</summary>
    public TimeSpan MaxGap { get; init; } = DefaultMaxGap;
}
