using System.Data.Common;
using System.Globalization;
using ControlPlane.Silo.Health;
using Npgsql;

namespace ControlPlane.Silo.Wiring;

/// <summary>Asks PostgreSQL again and again whether it is there, so that its loss is known even when nothing is written.</summary>
internal sealed partial class DatabaseProbe(NpgsqlDataSource database, StoreHealth health, TimeProvider time, ILogger<DatabaseProbe> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await ProbeAsync(stoppingToken);
            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var command = database.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync(cancellationToken);
            if (health.Answered() is { } fault) LogAnswers(fault.Since.ToString("u", CultureInfo.InvariantCulture));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception e) when (e is DbException or TimeoutException or IOException or InvalidOperationException)
        {
            var message = e.GetBaseException().Message;
            if (health.Failed(message, time.GetUtcNow())) LogLost(message);
        }
    }

    [LoggerMessage(2101, LogLevel.Warning, "PostgreSQL does not answer: {Reason}. Decisions go on from memory; nothing is acknowledged as stored until it is back")]
    private partial void LogLost(string reason);

    [LoggerMessage(2102, LogLevel.Information, "PostgreSQL answers again; it was gone since {Since}")]
    private partial void LogAnswers(string since);
}
