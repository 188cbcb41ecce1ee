namespace ControlPlane.Cli.Frontier;

/// <summary>Where a trace is: a file, or a column of it.</summary>
internal static class TracePlace
{
    /// <summary>Takes <c>FILE</c> or <c>FILE:COLUMN</c> apart. A colon may be part of the path: what exists wins.</summary>
    public static (string Path, string? Column) Split(string place)
    {
        var colon = place.LastIndexOf(':');
        return colon < 0 || File.Exists(place) ? (place, null) : (place[..colon], place[(colon + 1)..]);
    }
}
