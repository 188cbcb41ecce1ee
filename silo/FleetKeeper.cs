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

    /// <summary>
    /// Rounds after a call. A lost silo also takes activations of the others with it, whose places it kept: those that answered the first
    /// round may be on their way out, and are awake again after the last.
    /// </summary>
    private const int RoundsPerCall = 3;

    private const int AtOnce = 256;

    private volatile TaskCompletionSource _called = NewCall();
    private int _soon;

    /// <summary>Whether a round has been completed since the start.</summary>
    public bool HasCompletedRound { get; private set; }

    /// <summary>Asks for rounds now, as after the loss of a silo.</summary>
    public void WakeNow()
    {
        Interlocked.Exchange(ref _soon, RoundsPerCall);
        _called.TrySetResult();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            _called = NewCall();
            var isLast = Interlocked.Decrement(ref _soon) <= 0;
            var isWhole = await Round(stoppingToken);
            await _called.Task.WaitAsync(isWhole && isLast ? Interval : RetryAfter, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static TaskCompletionSource NewCall() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Wakes every service; false when some could not be.</summary>
    private async Task<bool> Round(CancellationToken cancellationToken)
    {
        try
        {
            Exception? failure = null;
            foreach (var batch in (await grains.ListWorkloads("")).Chunk(AtOnce))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var failures = await Task.WhenAll(batch.Select(id => Wake(id.ToString())));
                failure ??= Array.Find(failures, e => e is not null);
            }

            if (failure is null)
            {
                HasCompletedRound = true;
                return true;
            }

            LogRoundFailed(failure);
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

    /// <summary>Why a service could not be woken; null when it was. One that cannot be does not keep the others asleep.</summary>
    private async Task<Exception?> Wake(string id)
    {
        try
        {
            await grains.GetGrain<IServiceGrain>(id).EnsureActive();
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    [LoggerMessage(2001, LogLevel.Warning, "Not every service could be woken; the next round tries again")]
    private partial void LogRoundFailed(Exception exception);
}
