namespace ControlPlane.Embedded.Virtual;

/// <summary>A small seeded generator (Steele, Lea, Flood 2014: SplitMix64): the same numbers on every platform.</summary>
internal sealed class SplitMix(ulong seed)
{
    private ulong _state = seed;

    internal ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number in [0, limit).</summary>
    internal int Next(int limit) => (int)(((Next() >> 32) * (ulong)limit) >> 32);

    /// <summary>A number in [0, 1).</summary>
    internal double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Another generator whose numbers have nothing to do with this one's.</summary>
    internal SplitMix Fork() => new(Next());
}
