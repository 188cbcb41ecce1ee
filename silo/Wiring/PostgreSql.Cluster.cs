using System.Data.Common;
using Npgsql;

namespace ControlPlane.Silo.Wiring;

/// <summary>The database of a cluster of silos.</summary>
internal static class PostgreSql
{
    /// <summary>Orleans' name for it.</summary>
    public const string Invariant = "Npgsql";

    /// <summary>Longest wait for a connection: shorter than a grain call.</summary>
    private const int ConnectSeconds = 2;

    /// <summary>Longest wait for a command: shorter than a grain call.</summary>
    private const int CommandSeconds = 4;

    /// <summary>Most connections of a silo: PostgreSQL allows 100 in all unless told otherwise.</summary>
    private const int Connections = 20;

    /// <summary>A query of each of Orleans' scripts, which tells that the script was run.</summary>
    private static readonly (string Query, string Script, Func<SiloOptions, bool> IsNeeded)[] Scripts =
    [
        ("InsertMembershipKey", "PostgreSQL-Clustering.sql", options => options.Clustering == SiloClustering.AdoNet),
        ("UpsertReminderRowKey", "PostgreSQL-Reminders.sql", options => options.Clustering == SiloClustering.AdoNet),
        ("WriteToStorageKey", "PostgreSQL-Persistence.sql", options => options.Storage == SiloStorage.AdoNet),
        ("QueueStreamMessageKey", "PostgreSQL-Streaming.sql", options => options.Streams == SiloStreams.AdoNet),
    ];

    /// <summary>What is wrong with a connection string, as the end of a sentence; null when nothing is, or when it is empty.</summary>
    public static string? Fault(string connectionString)
    {
        if (string.IsNullOrWhiteSpace(connectionString)) return null;
        try
        {
            return string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(connectionString).Host) ? "names no Host" : null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // Never the string itself: it holds a password.
            return $"is not one of PostgreSQL: {e.Message}";
        }
    }

    /// <summary>The connection string with waits that a grain call outlives and few connections, where it does not say otherwise.</summary>
    public static string Complete(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        if (!builder.ShouldSerialize("Timeout")) builder.Timeout = ConnectSeconds;
        if (!builder.ShouldSerialize("Command Timeout")) builder.CommandTimeout = CommandSeconds;
        if (!builder.ShouldSerialize("Maximum Pool Size")) builder.MaxPoolSize = Connections;
        if (!builder.ShouldSerialize("Application Name")) builder.ApplicationName = "controlplane";
        return builder.ConnectionString;
    }

    /// <summary>Why the database cannot serve, as a sentence; null when it can.</summary>
    public static async Task<string?> FaultOutsideAsync(SiloOptions options, CancellationToken cancellationToken)
    {
        var builder = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        var place = $"PostgreSQL at {builder.Host}:{builder.Port}, database '{builder.Database ?? builder.Username}'";
        try
        {
            await using var source = NpgsqlDataSource.Create(Complete(options.ConnectionString));
            var present = await QueriesAsync(source, cancellationToken);
            var missing = Scripts.Where(s => s.IsNeeded(options) && !present.Contains(s.Query)).Select(s => s.Script).ToArray();
            return missing.Length == 0 ? null : $"{place}: Orleans' tables are missing: run {string.Join(", ", missing)} (deploy/postgresql/README.md tells how)";
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return $"{place}: Orleans' tables are missing: run PostgreSQL-Main.sql and the others (deploy/postgresql/README.md tells how)";
        }
        catch (DbException e)
        {
            return $"{place}: {e.GetBaseException().Message}";
        }
        catch (TimeoutException)
        {
            return $"{place}: no answer within {ConnectSeconds} s";
        }
    }

    private static async Task<HashSet<string>> QueriesAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("SELECT QueryKey FROM OrleansQuery");
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var present = new HashSet<string>();
        while (await rows.ReadAsync(cancellationToken)) present.Add(rows.GetString(0));
        return present;
    }
}
