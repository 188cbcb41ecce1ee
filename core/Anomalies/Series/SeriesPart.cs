namespace ControlPlane.Core.Anomalies.Series;

/// <summary>The detectors that a <see cref="SeriesDetector"/> sums up, in the order of its evidence.</summary>
public enum SeriesPart
{
    /// <summary>Distance from what the hour of the day usually brings, adapting within days.</summary>
    Season,

    /// <summary>The same, adapting within weeks.</summary>
    SlowSeason,

    /// <summary>Novelty of the course of the last 4 blocks.</summary>
    ShortCourse,

    /// <summary>Novelty of the course of the last 8 blocks.</summary>
    LongCourse,

    /// <summary>Novelty of the course of the last 4 blocks of triple length.</summary>
    CoarseCourse,

    /// <summary>Surprising order of ranks.</summary>
    Order,

    /// <summary>Combination of levels, blocks apart, that never occurred.</summary>
    Levels,

    /// <summary>Combination of successive levels that never occurred.</summary>
    SuccessiveLevels,

    /// <summary>A value lower than nearly all before.</summary>
    Low,
}
