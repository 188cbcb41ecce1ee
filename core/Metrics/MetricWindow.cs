using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Metrics;

/// <summary>
/// The history of one signal in three resolutions, newest last: every step for 1 h (at most 360 steps), 1 min for 1 day, both in
/// 32-bit floats, and 5 min for 4 weeks in 16 bits (relative error at most 0.07%). A resolution finer than the step becomes the
/// step. At most 24 KiB. What was not measured stays unknown. Not thread-safe.
/// </summary>
public sealed class MetricWindow
{
    /// <summary>Most bytes that a window's values take, 24 KiB, objects included.</summary>
    public const int MaxBytes = 24 * 1024;

    private const string Kind = "CPMW";
    private const ushort FormatVersion = 1;
    private const string What = "a metric window";
    private const int ObjectBytes = 600;
    private const int MostPoints = 8064;
    private readonly WindowLevel[] _levels;
    private long _newest = -1;

    /// <summary>An empty window.</summary>
    /// <param name="step">Length of a step, positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is not positive.</exception>
    public MetricWindow(TimeSpan step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(step, TimeSpan.Zero);
        Step = step;
        _levels =
        [
            new WindowLevel(step, step, TimeSpan.FromHours(1), 360, compact: false),
            new WindowLevel(step, TimeSpan.FromMinutes(1), TimeSpan.FromDays(1), 1440, compact: false),
            new WindowLevel(step, TimeSpan.FromMinutes(5), TimeSpan.FromDays(28), MostPoints, compact: true),
        ];
    }

    /// <summary>Length of a step.</summary>
    public TimeSpan Step { get; }

    /// <summary>End of the newest step added, UTC; null when there is none.</summary>
    public DateTimeOffset? Newest => _newest < 0 ? null : StepGrid.EndOf(_newest, Step);

    /// <summary>The resolutions that it keeps, finest first.</summary>
    public ImmutableArray<TimeSpan> Resolutions => [.. _levels.Select(level => level.Resolution)];

    /// <summary>Bytes that the window takes now: values and objects.</summary>
    public int MemoryBytes => ObjectBytes + _levels.Sum(level => level.PayloadBytes);

    /// <summary>Adds the value of the step that <paramref name="time"/> belongs to; steps in between stay unknown.</summary>
    /// <param name="time">A moment of the step; must be in a newer step than any before.</param>
    /// <param name="value">The mean over the step; null or not finite means unknown.</param>
    /// <returns>False when the step is not newer than the newest: nothing was changed.</returns>
    public bool Add(DateTimeOffset time, double? value)
    {
        var index = StepGrid.IndexOf(time, Step);
        if (index <= _newest) return false;
        _newest = index;
        var known = value is { } number && double.IsFinite(number) ? value : null;
        foreach (var level in _levels) level.Add(index, known);
        return true;
    }

    /// <summary>
    /// Reads means over intervals of <paramref name="resolution"/>, oldest first, for interval ends within
    /// (<paramref name="from"/>, <paramref name="to"/>]. Values come from the coarsest kept resolution that is not coarser than asked
    /// for; what lies before its reach or after the newest step is left out, what is unknown inside is null. The newest interval can still be open.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The resolution is not positive.</exception>
    public ImmutableArray<MetricPoint> Read(DateTimeOffset from, DateTimeOffset to, TimeSpan resolution)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(resolution, TimeSpan.Zero);
        if (_newest < 0) return [];
        var level = LevelFor(resolution);
        var binsPerPoint = Math.Max(1, resolution.Ticks / level.Resolution.Ticks);
        var pointTicks = binsPerPoint * level.Resolution.Ticks;
        var first = Math.Max(from.UtcTicks / pointTicks + 1, 1);
        var newestPoint = (_newest * Step.Ticks + pointTicks - 1) / pointTicks;
        var last = Math.Min(to.UtcTicks / pointTicks, newestPoint);
        first = Math.Max(first, last - MostPoints);
        var points = ImmutableArray.CreateBuilder<MetricPoint>();
        for (var point = first; point <= last; point++) Append(points, level, point, binsPerPoint);
        return points.ToImmutable();
    }

    /// <summary>The compact, versioned and checksummed byte form.</summary>
    public ImmutableArray<byte> Save()
    {
        var writer = new StateWriter(Kind, FormatVersion, MemoryBytes);
        writer.Write(Step.Ticks);
        writer.Write(_newest);
        foreach (var level in _levels) level.Save(writer);
        return ImmutableCollectionsMarshal.AsImmutableArray(writer.ToBytes());
    }

    /// <summary>Restores what <see cref="Save"/> gave.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged or something else; the message says what is wrong.</exception>
    public static MetricWindow Load(ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes, Kind, FormatVersion, What);
        var step = reader.ReadInt64();
        if (step <= 0) throw reader.Flaw("its step is not positive");
        var window = new MetricWindow(TimeSpan.FromTicks(step)) { _newest = reader.ReadInt64() };
        foreach (var level in window._levels) level.Load(ref reader);
        reader.End();
        return window;
    }

    private WindowLevel LevelFor(TimeSpan resolution)
    {
        var best = _levels[0];
        foreach (var level in _levels)
        {
            if (level.Resolution <= resolution) best = level;
        }

        return best;
    }

    private static void Append(ImmutableArray<MetricPoint>.Builder points, WindowLevel level, long point, long binsPerPoint)
    {
        var (sum, known, held) = (0.0, 0, false);
        for (var bin = (point - 1) * binsPerPoint + 1; bin <= point * binsPerPoint; bin++)
        {
            held |= level.Holds(bin);
            if (level.ValueAt(bin) is not { } value) continue;
            sum += value;
            known++;
        }

        if (!held) return;
        var time = StepGrid.EndOf(point * binsPerPoint, level.Resolution);
        points.Add(new MetricPoint(time, known == 0 ? null : sum / known));
    }
}
