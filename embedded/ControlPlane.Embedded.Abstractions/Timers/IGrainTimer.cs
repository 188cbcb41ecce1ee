namespace Orleans.Runtime;

/// <summary>A timer of an activation. Disposing it stops it.</summary>
public interface IGrainTimer : IDisposable
{
    /// <summary>Sets the timer anew; inside a tick, from its end on.</summary>
    /// <param name="dueTime">The time to the next tick; infinite for none.</param>
    /// <param name="period">The time from the end of a tick to the next; infinite for one tick only.</param>
    void Change(TimeSpan dueTime, TimeSpan period);
}
