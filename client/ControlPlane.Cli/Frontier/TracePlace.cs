using ControlPlane.Simulation.Traces;

namespace ControlPlane.Cli.Frontier;

/// <summary>Where a trace is: a file, a column of it, or a made shape.</summary>
internal static class TracePlace
{
    /// <summary>Reads <c>FILE</c>, <c>FILE:COLUMN</c> or <c>shape:NAME</c>.</summary>
    /// <param name="place">The place.</param>
    /// <param name="options">How a file is read; its column holds where the place names none.</param>
    /// <param name="seed">Seed of a shape.</param>
    /// <returns>The trace, and the column that the place names.</returns>
    public static (Trace Trace, string? Column) Read(string place, TraceOptions options, ulong seed)
    {
        if (place.StartsWith(DemandShapes.Prefix, StringComparison.Ordinal) && !File.Exists(place)) return (Shape(place[DemandShapes.Prefix.Length..], seed), null);
        var (path, column) = Split(place);
        return (TraceReader.Read(path, options with { Column = column ?? options.Column }), column);
    }

    /// <summary>Takes <c>FILE</c> or <c>FILE:COLUMN</c> apart. A colon may be part of the path: what exists wins.</summary>
    private static (string Path, string? Column) Split(string place)
    {
        var colon = place.LastIndexOf(':');
        return colon < 0 || File.Exists(place) ? (place, null) : (place[..colon], place[(colon + 1)..]);
    }

    private static Trace Shape(string name, ulong seed) => DemandShapes.Names.Contains(name)
        ? DemandShapes.Make(name, seed)
        : throw new CommandException($"--trace: there is no shape '{name}'; known: {string.Join(", ", DemandShapes.Names)}");
}
