namespace Orleans.Runtime;

/// <summary>A registered reminder.</summary>
public interface IGrainReminder
{
    /// <summary>Its name, unique in its grain.</summary>
    string ReminderName { get; }
}

/// <summary>When a reminder ticks.</summary>
/// <param name="firstTickTime">The time of the first tick, UTC.</param>
/// <param name="period">The time between ticks.</param>
/// <param name="timeStamp">The time of this tick, UTC.</param>
[GenerateSerializer]
[Immutable]
public readonly struct TickStatus(DateTime firstTickTime, TimeSpan period, DateTime timeStamp)
{
    /// <summary>The time of the first tick, UTC.</summary>
    [Id(0)]
    public DateTime FirstTickTime { get; } = firstTickTime;

    /// <summary>The time between ticks.</summary>
    [Id(1)]
    public TimeSpan Period { get; } = period;

    /// <summary>The time of this tick, UTC.</summary>
    [Id(2)]
    public DateTime CurrentTickTime { get; } = timeStamp;

    /// <inheritdoc/>
    public override string ToString() => $"<{FirstTickTime}, {Period}, {CurrentTickTime}>";
}
