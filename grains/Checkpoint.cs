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

    private DateTimeOffset _next = time.GetUtcNow() + Core.StableHash.Jitter(key, Interval);
    private bool _hasNews;

    /// <summary>Whether it is time.</summary>
    public bool IsDue => time.GetUtcNow() >= _next;

    /// <summary>A step changed the state.</summary>
    public void Changed() => _hasNews = true;

    /// <summary>It was tried; the next time is an interval later.</summary>
    /// <param name="isStored">Whether the state was stored.</param>
    public void Done(bool isStored)
    {
        _hasNews &= !isStored;
        _next = time.GetUtcNow() + Interval;
    }

    /// <summary>
    /// Whether a grain that stops has something to store. One that stops because its state in storage is another's has not: its successor goes on
    /// from that.
    /// </summary>
    public bool IsWantedAtEnd(DeactivationReason reason) => _hasNews && reason.Exception is not InconsistentStateException;
}
