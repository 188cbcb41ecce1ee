using System.Collections.Immutable;

namespace ControlPlane.Core.Metrics;

/// <summary>A stretch of a signal's history at one resolution.</summary>
[GenerateSerializer, Immutable, Alias("cp.HistoryPart")]
public sealed record HistoryPart
{
    /// <summary>End of the first interval, UTC.</summary>
    [Id(0)] public required DateTimeOffset FirstTime { get; init; }

    /// <summary>Length of an interval.</summary>
    [Id(1)] public required TimeSpan Resolution { get; init; }

    /// <summary>Means over the intervals, oldest first, null where unknown.</summary>
    [Id(2)] public required ImmutableArray<double?> Values { get; init; }
}
