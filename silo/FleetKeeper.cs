using ControlPlane.GrainInterfaces;

namespace ControlPlane.Silo;

/// <summary>
/// Wakes every registered service after a start, and again at an interval, so that none stays asleep after its activation was lost.
/// </summary>
public sealed partial class FleetKeeper(IGrainFactory grains, TimeProvider time, ILogger<FleetKeeper> logger) : BackgroundService
{
    /// <summary>Time between two rounds.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <summary>Time until a round that failed is repeated.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private const int AtOnce = 256;

    private volatile TaskCompletionSource _called = NewCall();

    /// <summary>Whether a round has been completed since the start.</summary>
    public bool HasCompletedRound { get; private set; }

    /// <summary>Asks for a round now, as after the loss of a silo.</summary>
    public void WakeNow() => _called.TrySetResult();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            _called = NewCall();
            if (await Round(stoppingToken)) await _called.Task.WaitAsync(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            else await Task.Delay(RetryAfter, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static TaskCompletionSource NewCall() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Wakes every service; false when some could not be.</summary>
    private async Task<bool> Round(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var batch in (await grains.ListWorkloads("")).Chunk(AtOnce))
            {
                cancellationToken.ThrowIfCancellationRequested();
                await Task.WhenAll(batch.Select(id => grains.GetGrain<IServiceGrain>(id.ToString()).EnsureActive()));
            }
            HasCompletedRound = true;
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            LogRoundFailed(e);
        }
        return false;
    }

    [LoggerMessage(2001, LogLevel.Warning, "Not every service could be woken; the next round tries again")]
    private partial void LogRoundFailed(Exception exception);
}
