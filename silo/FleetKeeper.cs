using ControlPlane.GrainInterfaces;

namespace ControlPlane.Silo;

/// <summary>
/// Wakes every registered service after a start, and again at an interval, so that none stays asleep after its activation was lost.
/// </summary>
public sealed partial class FleetKeeper(IGrainFactory grains, TimeProvider time, ILogger<FleetKeeper> logger) : BackgroundService
{
    /// <summary>Time between two rounds.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private const int AtOnce = 256;

    /// <summary>Whether a round has been completed since the start.</summary>
    public bool HasCompletedRound { get; private set; }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Round(stoppingToken);
            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Round(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var batch in (await grains.ListWorkloads("")).Chunk(AtOnce))
            {
                cancellationToken.ThrowIfCancellationRequested();
                await Task.WhenAll(batch.Select(id => grains.GetGrain<IServiceGrain>(id.ToString()).EnsureActive()));
            }
            HasCompletedRound = true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            LogRoundFailed(e);
        }
    }

    [LoggerMessage(2001, LogLevel.Warning, "Not every service could be woken; the next round tries again")]
    private partial void LogRoundFailed(Exception exception);
}
