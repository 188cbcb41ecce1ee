using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace ControlPlane.Core.Scaling.Hpa;

/// <summary>
/// A sliding extreme as a monotonic queue: entry <c>i</c> is the extreme of everything from its time on, so that the first entry inside
/// a window is the window's extreme.
/// </summary>
internal static class RecommendationWindow
{
    /// <summary>Drops what left the window, adds a recommendation and gives the greatest within the window.</summary>
    public static ImmutableArray<TimedReplicas> PushHigh(
        ImmutableArray<TimedReplicas> highs, int recommendation, DateTimeOffset now, TimeSpan window, out int greatest) =>
        Push(highs, recommendation, now, window, 1, out greatest);

    /// <summary>Drops what left the window, adds a recommendation and gives the least within the window.</summary>
    public static ImmutableArray<TimedReplicas> PushLow(
        ImmutableArray<TimedReplicas> lows, int recommendation, DateTimeOffset now, TimeSpan window, out int least) =>
        Push(lows, recommendation, now, window, -1, out least);

    private static ImmutableArray<TimedReplicas> Push(
        ImmutableArray<TimedReplicas> entries, int recommendation, DateTimeOffset now, TimeSpan window, int sign, out int extreme)
    {
        extreme = recommendation;
        if (window <= TimeSpan.Zero) return [];

        var old = entries.AsSpan();
        var cutoff = now - window;
        var from = 0;
        while (from < old.Length && old[from].Time <= cutoff) from++;
        var to = old.Length;
        while (to > from && old[to - 1].Replicas * sign <= recommendation * sign) to--;
        if (to > from) extreme = old[from].Replicas;

        return Join(old[from..to], new TimedReplicas(now, recommendation));
    }

    private static ImmutableArray<TimedReplicas> Join(ReadOnlySpan<TimedReplicas> kept, TimedReplicas newest)
    {
        var isFull = kept.Length >= HpaState.Capacity;
        var source = isFull ? kept[1..] : kept;
        var joined = new TimedReplicas[source.Length + 1];
        source.CopyTo(joined);
        joined[^1] = newest;
        // When full, the two oldest become one: the more cautious value lives a little longer than it should.
        if (isFull) joined[0] = new TimedReplicas(joined[0].Time, kept[0].Replicas);
        return ImmutableCollectionsMarshal.AsImmutableArray(joined);
    }
}
