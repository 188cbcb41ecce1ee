using System.Globalization;

namespace ControlPlane.Cluster.Tests.Processes;

/// <summary>Where PostgreSQL's programs and Orleans' scripts for it are on this machine.</summary>
internal static class PostgresTools
{
    /// <summary>Names the folder that holds Orleans' scripts, in it or below it.</summary>
    public const string ScriptsVariable = "CONTROLPLANE_ORLEANS_SQL";

    /// <summary>In the order in which they are run.</summary>
    private static readonly string[] ScriptNames =
        ["PostgreSQL-Main.sql", "PostgreSQL-Clustering.sql", "PostgreSQL-Persistence.sql", "PostgreSQL-Reminders.sql"];

    /// <summary>Folder of <c>initdb</c>, <c>postgres</c> and <c>psql</c>; null when there is none.</summary>
    public static string? Programs { get; } = FindPrograms();

    /// <summary>Orleans' own scripts that make its tables; null when they are not on this machine.</summary>
    public static string[]? Scripts { get; } = FindScripts();

    /// <summary>Whether the folder with the logs of the processes stays when the tests are over.</summary>
    public static bool KeepsLogs { get; } = Environment.GetEnvironmentVariable("CONTROLPLANE_KEEP_LOGS") == "1";

    /// <summary>Why there can be no database; null when there can.</summary>
    public static string? Missing { get; } =
        !OperatingSystem.IsLinux() ? "the processes are handled by Linux' signals"
        : Programs is null ? "there is no PostgreSQL (Debian: apt-get install postgresql)"
        : Scripts is null ? $"Orleans' scripts for PostgreSQL are not here: let {ScriptsVariable} name the folder that holds {string.Join(", ", ScriptNames)}"
        : null;

    /// <summary>What comes before a command so that it runs without root's rights, which PostgreSQL refuses; empty when we have none.</summary>
    public static string[] Unprivileged { get; } = Environment.IsPrivilegedProcess ? Drop() : [];

    private static string? FindPrograms()
    {
        const string Debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(Debian)
            ? Directory.GetDirectories(Debian)
                .OrderByDescending(folder => double.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) ? version : 0)
                .Select(folder => Path.Combine(folder, "bin"))
            : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return versions.Concat(path).FirstOrDefault(folder => new[] { "initdb", "postgres", "psql" }.All(program => File.Exists(Path.Combine(folder, program))));
    }

    /// <summary>One of Orleans' scripts; null when it is not on this machine.</summary>
    public static string? FindScript(string name)
    {
        string?[] folders =
        [
            Environment.GetEnvironmentVariable(ScriptsVariable),
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "controlplane", "orleans-sql"),
        ];
        return folders.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder!, name, SearchOption.AllDirectories)).FirstOrDefault();
    }

    private static string[]? FindScripts()
    {
        var found = ScriptNames.Select(FindScript).ToArray();
        return found.Contains(null) ? null : [.. found.OfType<string>()];
    }

    private static string[] Drop()
    {
        var users = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).ToDictionary(fields => fields[0], fields => (User: fields[2], Group: fields[3]));
        var (user, group) = users.TryGetValue("postgres", out var own) ? own : users["nobody"];
        return ["setpriv", $"--reuid={user}", $"--regid={group}", "--clear-groups", "--"];
    }
}

/// <summary>A test that needs PostgreSQL; skipped, and it says why, where there is none.</summary>
internal sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresTools.Missing;
}

/// <summary>The same for a test with cases.</summary>
internal sealed class PostgresTheoryAttribute : TheoryAttribute
{
    public PostgresTheoryAttribute() => Skip = PostgresTools.Missing;
}
