using System.Collections.Immutable;

namespace ControlPlane.Core.Metrics;

/// <summary>The history of a metric window as one run of values: parts that do not overlap, oldest first, finer as they get newer.</summary>
public static class DemandHistory
{
    /// <summary>The newest part of a window, every moment in the finest resolution that holds it.</summary>
    /// <param name="window">The window.</param>
    /// <param name="span">How far back.</param>
    public static ImmutableArray<HistoryPart> Of(MetricWindow window, TimeSpan span)
    {
        if (window.Newest is not { } newest) return [];
        var parts = new List<HistoryPart>();
        var end = newest;
        var (from, resolutions) = (newest - span, window.Resolutions.Distinct().ToArray());
        for (var i = 0; i < resolutions.Length && end > from; i++)
        {
            var points = window.Read(from, end, resolutions[i]);
            if (i + 1 < resolutions.Length) points = [.. points.SkipWhile(p => !EndsWith(p.Time - resolutions[i], resolutions[i + 1]))];
            if (points.IsEmpty) continue;
            parts.Add(new HistoryPart { FirstTime = points[0].Time, Resolution = resolutions[i], Values = [.. points.Select(p => p.Value)] });
            end = points[0].Time - resolutions[i];
        }
        parts.Reverse();
        return [.. parts];
    }

    /// <summary>
    /// The parts on one step: coarser intervals give their mean to each of their steps, finer ones are averaged. What lies between parts is unknown.
    /// </summary>
    /// <param name="parts">Parts that do not overlap, oldest first.</param>
    /// <param name="step">Length of a step, positive.</param>
    /// <returns>End of the first step, and the values, oldest first; empty when there are no parts.</returns>
    public static (DateTimeOffset FirstTime, ImmutableArray<double?> Values) At(ImmutableArray<HistoryPart> parts, TimeSpan step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(step, TimeSpan.Zero);
        if (parts.IsEmpty) return (default, []);
        var first = FirstStep(parts[0], step);
        var last = parts[^1];
        var count = (int)(CeilingOf((last.FirstTime + (last.Values.Length - 1) * last.Resolution).UtcTicks, step) - first + 1);
        var (sums, known) = (new double[count], new int[count]);
        foreach (var part in parts) Spread(part, step, first, sums, known);
        var values = ImmutableArray.CreateBuilder<double?>(count);
        for (var i = 0; i < count; i++) values.Add(known[i] == 0 ? null : sums[i] / known[i]);
        return (new DateTimeOffset(first * step.Ticks, TimeSpan.Zero), values.MoveToImmutable());
    }

    private static void Spread(HistoryPart part, TimeSpan step, long first, double[] sums, int[] known)
    {
        for (var i = 0; i < part.Values.Length; i++)
        {
            if (part.Values[i] is not { } value) continue;
            var end = (part.FirstTime + i * part.Resolution).UtcTicks;
            var to = CeilingOf(end, step);
            var from = Math.Min(to, (end - part.Resolution.Ticks) / step.Ticks + 1);
            for (var index = Math.Max(first, from); index <= to; index++)
            {
                sums[index - first] += value;
                known[index - first]++;
            }
        }
    }

    private static long FirstStep(HistoryPart part, TimeSpan step) => Math.Max(1, Math.Min(CeilingOf(part.FirstTime.UtcTicks, step), (part.FirstTime - part.Resolution).UtcTicks / step.Ticks + 1));

    private static long CeilingOf(long ticks, TimeSpan step) => (ticks + step.Ticks - 1) / step.Ticks;

    private static bool EndsWith(DateTimeOffset time, TimeSpan resolution) => time.UtcTicks % resolution.Ticks == 0;
}
