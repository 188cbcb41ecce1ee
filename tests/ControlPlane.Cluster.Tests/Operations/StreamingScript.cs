using ControlPlane.Cluster.Tests.Processes;

namespace ControlPlane.Cluster.Tests.Operations;

/// <summary>Orleans' script for streams in PostgreSQL; it comes as a preview, so that machines may lack it.</summary>
internal static class StreamingScript
{
    private const string Name = "PostgreSQL-Streaming.sql";

    /// <summary>Where it is; null when it is not on this machine.</summary>
    public static string? Path { get; } = PostgresTools.FindScript(Name);

    /// <summary>Why there can be no streams in the database; null when there can.</summary>
    public static string? Missing => PostgresTools.Missing ?? (Path is null ? $"Orleans' {Name} is not here: let {PostgresTools.ScriptsVariable} name the folder that holds it" : null);
}

/// <summary>A test that needs streams in PostgreSQL; skipped, and it says why, where they cannot be had.</summary>
internal sealed class StreamingFactAttribute : FactAttribute
{
    public StreamingFactAttribute() => Skip = StreamingScript.Missing;
}
