using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>When a grain timer ticks and how.</summary>
public readonly struct GrainTimerCreationOptions()
{
    /// <summary>Makes options with the two required values.</summary>
    /// <param name="dueTime">The time to the first tick; infinite for none.</param>
    /// <param name="period">The time from the end of a tick to the next; infinite for one tick only.</param>
    [SetsRequiredMembers]
    public GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period) : this()
    {
        DueTime = dueTime;
        Period = period;
    }

    /// <summary>The time to the first tick; infinite for none.</summary>
    public required TimeSpan DueTime { get; init; }

    /// <summary>The time from the end of a tick to the next; infinite for one tick only.</summary>
    public required TimeSpan Period { get; init; }

    /// <summary>Whether ticks may run between the turns of other calls. Default false.</summary>
    public bool Interleave { get; init; }

    /// <summary>Whether ticks keep the activation from idle collection. Default false.</summary>
    public bool KeepAlive { get; init; }
}
