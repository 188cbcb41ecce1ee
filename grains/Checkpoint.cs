using Orleans.Storage;

namespace ControlPlane.Grains;

/// <summary>
/// Says when a grain stores its state: every 15 minutes, spread over grains by their key, and when it stops in good order. What a crash takes
/// is what was learnt since.
/// </summary>
internal sealed class Checkpoint(string key, TimeProvider time)
{
    /// <summary>Time between two checkpoints.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(15);

    /// <summary>Time until the first repetition of one that failed; it doubles with each, up to <see cref="Interval"/>.</summary>
    public static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(15);

    private TimeSpan _retry = FirstRetry;
    private DateTimeOffset _next = time.GetUtcNow() + Core.StableHash.Jitter(key, Interval);
    private bool _hasNews;

    /// <summary>Whether it is time.</summary>
    public bool IsDue => time.GetUtcNow() >= _next;

    /// <summary>A step changed the state.</summary>
    public void Changed() => _hasNews = true;

    /// <summary>It was tried; the next time is an interval later, or sooner when storage failed.</summary>
    /// <param name="isStored">Whether the state was stored.</param>
    public void Done(bool isStored)
    {
        _hasNews &= !isStored;
        _next = time.GetUtcNow() + (isStored ? Interval : _retry);
        _retry = isStored ? FirstRetry : TimeSpan.FromTicks(Math.Min(2 * _retry.Ticks, Interval.Ticks));
    }

    /// <summary>
    /// Whether a grain that stops has something to store. One that stops because its state in storage is another's has not: its successor goes on
    /// from that.
    /// </summary>
    public bool IsWantedAtEnd(DeactivationReason reason) => _hasNews && reason.Exception is not InconsistentStateException;
}
