namespace ControlPlane.Grains;

/// <summary>Says when a grain stores its state: every 15 minutes, spread over grains by their key.</summary>
internal sealed class Checkpoint(string key, DateTimeOffset activated)
{
    /// <summary>Time between two checkpoints.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(15);

    private DateTimeOffset _next = activated + Core.StableHash.Jitter(key, Interval);

    /// <summary>Whether it is time.</summary>
    public bool IsDue(DateTimeOffset now) => now >= _next;

    /// <summary>The state was stored.</summary>
    public void Done(DateTimeOffset now) => _next = now + Interval;
}
