namespace ControlPlane.Simulation.Traces;

/// <summary>A trace file cannot be used. The message names the file, the line, the column and the rule.</summary>
public sealed class TraceException : Exception
{
    /// <summary>Makes an exception for a whole file.</summary>
    public TraceException(string file, string rule, Exception? inner = null)
        : base($"{file}: {rule}", inner) => File = file;

    /// <summary>Makes an exception for one place in a file.</summary>
    public TraceException(string file, long line, string? column, string rule, Exception? inner = null)
        : base(column is null ? $"{file}, line {line}: {rule}" : $"{file}, line {line}, column '{column}': {rule}", inner)
        => (File, Line, Column) = (file, line, column);

    /// <summary>The file as it was given.</summary>
    public string File { get; }

    /// <summary>The line, the header being 1; null when the whole file is meant.</summary>
    public long? Line { get; }

    /// <summary>The column's name; null when none is meant.</summary>
    public string? Column { get; }
}
