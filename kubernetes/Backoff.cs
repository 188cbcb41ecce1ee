namespace ControlPlane.Kubernetes;

/// <summary>Exponential waits with jitter: wait n is between a half and the whole of <c>min(Max, Initial · 2^(n−1))</c>.</summary>
public sealed record Backoff
{
    /// <summary>The first wait. Default 200 ms.</summary>
    public TimeSpan Initial { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait. Default 10 s.</summary>
    public TimeSpan Max { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The wait after a number of failures in a row.</summary>
    /// <param name="failures">Failures so far, from 1.</param>
    /// <param name="jitter">A random number within [0, 1).</param>
    public TimeSpan Wait(int failures, double jitter)
    {
        var whole = Math.Min(Max.TotalMilliseconds, Initial.TotalMilliseconds * Math.Pow(2, Math.Min(failures, 32) - 1));
        return TimeSpan.FromMilliseconds(whole * (0.5 + 0.5 * jitter));
    }

    internal IEnumerable<string> Validate(string name)
    {
        if (Initial <= TimeSpan.Zero) yield return $"{name}.{nameof(Initial)} is {Initial}: it must be greater than 0.";
        if (Max < Initial) yield return $"{name}.{nameof(Max)} is {Max}: it must be at least {nameof(Initial)} ({Initial}).";
    }
}
