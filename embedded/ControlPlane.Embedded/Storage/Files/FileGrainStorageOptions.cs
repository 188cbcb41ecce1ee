namespace ControlPlane.Embedded.Storage.Files;

/// <summary>Where state is kept on disk.</summary>
public sealed class FileGrainStorageOptions
{
    /// <summary>The default of <see cref="CompactionMinimumBytes"/>.</summary>
    public const long DefaultCompactionMinimumBytes = 64L << 20;

    /// <summary>The default of <see cref="CompactionGarbageFactor"/>.</summary>
    public const double DefaultCompactionGarbageFactor = 3;

    /// <summary>The folder; made if there is none. Only one process may use it at a time.</summary>
    public required string Folder { get; init; }

    /// <summary>The length below which the log is never compacted. Default 64 MiB.</summary>
    public long CompactionMinimumBytes { get; init; } = DefaultCompactionMinimumBytes;

    /// <summary>How many times longer than its live records the log may get before it is compacted; above 1. Default 3.</summary>
    public double CompactionGarbageFactor { get; init; } = DefaultCompactionGarbageFactor;
}
