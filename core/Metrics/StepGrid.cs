namespace ControlPlane.Core.Metrics;

/// <summary>The grid of step ends: multiples of the step since 0001-01-01 UTC. A moment belongs to the step that ends at or after it.</summary>
public static class StepGrid
{
    /// <summary>Number of the step that a moment belongs to; its end is <c>index × step</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The step is not positive.</exception>
    public static long IndexOf(DateTimeOffset time, TimeSpan step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(step, TimeSpan.Zero);
        return (time.UtcTicks + step.Ticks - 1) / step.Ticks;
    }

    /// <summary>End of the step that a moment belongs to, UTC.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The step is not positive.</exception>
    public static DateTimeOffset EndOf(DateTimeOffset time, TimeSpan step) => EndOf(IndexOf(time, step), step);

    /// <summary>End of a step by its number, UTC.</summary>
    public static DateTimeOffset EndOf(long index, TimeSpan step) => new(index * step.Ticks, TimeSpan.Zero);
}
