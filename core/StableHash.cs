namespace ControlPlane.Core;

/// <summary>A hash of text that is the same in every process and version; for shards and jitter, not for security.</summary>
public static class StableHash
{
    /// <summary>FNV-1a over the UTF-16 code units.</summary>
    public static uint Of(string text)
    {
        var hash = 2166136261u;
        foreach (var c in text) hash = (hash ^ c) * 16777619u;
        return hash;
    }

    /// <summary>A share of a period, spread evenly over texts, in [0, period).</summary>
    public static TimeSpan Jitter(string text, TimeSpan period) => period * (Of(text) / (double)(1L << 32));
}
