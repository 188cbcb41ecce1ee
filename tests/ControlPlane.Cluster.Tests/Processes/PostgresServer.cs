using System.Globalization;
using Npgsql;

namespace ControlPlane.Cluster.Tests.Processes;

/// <summary>A PostgreSQL with Orleans' tables, on a free port of 127.0.0.1 and in a folder of its own. Durable as it comes: nothing is switched off.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private readonly string _folder;
    private readonly int _port = FreePorts.Take();
    private ChildProcess? _process;

    private PostgresServer(string folder) => _folder = folder;

    public string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Username=postgres;Database=postgres;Timeout=5;Maximum Pool Size=40");

    private string Log => Path.Combine(_folder, "postgres.log");

    private string Data => Path.Combine(_folder, "data");

    /// <param name="folder">An existing folder; the user that the server runs as may write into it from now on.</param>
    public static async Task<PostgresServer> StartAsync(string folder)
    {
        var server = new PostgresServer(folder);
        await ChildProcess.RunAsync(server.Log, "chmod", "0777", folder);
        await ChildProcess.RunAsync(server.Log, [.. Program("initdb"), "--pgdata", server.Data, "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale"]);
        await server.StartAsync();
        foreach (var script in PostgresTools.Scripts!)
        {
            await ChildProcess.RunAsync(
                server.Log, Path.Combine(PostgresTools.Programs!, "psql"), "-h", "127.0.0.1", "-p", server._port.ToString(CultureInfo.InvariantCulture),
                "-U", "postgres", "-q", "-v", "ON_ERROR_STOP=1", "-f", script);
        }

        return server;
    }

    /// <summary>Starts the server on the data that it has, and waits until it answers.</summary>
    public async Task StartAsync()
    {
        _process = ChildProcess.Start(
            Log,
            [
                .. Program("postgres"), "-D", Data, "-p", _port.ToString(CultureInfo.InvariantCulture),
                "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=200",
            ]);
        await Eventually.HoldsAsync(AnswersAsync, answers => answers, "PostgreSQL answers");
    }

    /// <summary>Ends the server at once; open connections are cut.</summary>
    public async Task StopAsync()
    {
        _process!.Send(Signal.Interrupt);
        await _process.WaitForExitAsync();
        await _process.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process) await process.DisposeAsync();
    }

    private static string[] Program(string name) => [.. PostgresTools.Unprivileged, Path.Combine(PostgresTools.Programs!, name)];

    private async Task<bool> AnswersAsync()
    {
        Assert.False(_process!.HasExited, _process.HasExited ? _process.LogEnd() : "");
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString);
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
