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
    public static TimeSpan Jitter(string text, TimeSpan period) => period * (Mix(Of(text)) / (double)(1L << 32));

    /// <summary>Spreads texts that differ in their last letters only, which FNV-1a leaves close together (the finalizer of MurmurHash3).</summary>
    private static uint Mix(uint hash)
    {
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
        return hash ^ (hash >> 16);
    }
}
