using System.Collections.Immutable;

namespace ControlPlane.Core.Learning;

/// <summary>Numbers states by the intervals that some of their features fall into.</summary>
/// <param name="Axes">A feature and the ascending limits between its intervals, one entry an axis.</param>
internal sealed record StateGrid(ImmutableArray<(int Feature, ImmutableArray<float> Limits)> Axes)
{
    /// <summary>The grid of advisers.</summary>
    public static readonly StateGrid OfAdviser = new(
    [
        (AdviserFeatures.Spread, [0.2f, 0.6f]),
        (AdviserFeatures.Trend, [-0.2f, 0.2f]),
        (AdviserFeatures.Cover, [-0.5f, 0.5f]),
        (AdviserFeatures.Behind, [0.01f]),
        (AdviserFeatures.Room, [0f]),
        (AdviserFeatures.Noise, [-1f]),
        (AdviserFeatures.HpaMisses, [-1f, 0.5f]),
        (AdviserFeatures.HourSin, [0f]),
    ]);

    /// <summary>Number of states.</summary>
    public int Count { get; } = Axes.Aggregate(1, (count, axis) => count * (axis.Limits.Length + 1));

    /// <summary>The number of a state.</summary>
    public int Of(ReadOnlySpan<float> features)
    {
        var state = 0;
        foreach (var (feature, limits) in Axes)
        {
            var interval = 0;
            while (interval < limits.Length && features[feature] >= limits[interval]) interval++;
            state = state * (limits.Length + 1) + interval;
        }

        return state;
    }
}
