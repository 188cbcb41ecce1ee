namespace ControlPlane.Simulation.Randomness;

/// <summary>
/// A random source that is a function of its seed on every platform and runtime version: xoshiro256** seeded by SplitMix64
/// (Blackman and Vigna, 2018). Not for secrets.
/// </summary>
public sealed class SeededRandom
{
    private ulong _a, _b, _c, _d;

    /// <summary>Makes a source from a seed.</summary>
    public SeededRandom(ulong seed)
    {
        _a = Mix(ref seed);
        _b = Mix(ref seed);
        _c = Mix(ref seed);
        _d = Mix(ref seed);
    }

    /// <summary>A source for one item of a numbered family, independent of how many items were drawn before.</summary>
    public static SeededRandom For(ulong seed, ulong item) => new(Combine(seed, item));

    /// <summary>A seed made of two numbers.</summary>
    public static ulong Combine(ulong seed, ulong item)
    {
        var state = seed ^ (item * 0xD6E8FEB86659FD93UL);
        return Mix(ref state);
    }

    /// <summary>A seed made of a number and a text, the same in every process.</summary>
    public static ulong Combine(ulong seed, string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in text) hash = (hash ^ c) * 1099511628211UL;
        return Combine(seed, hash);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        var result = ulong.RotateLeft(_b * 5, 7) * 9;
        var t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = ulong.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>A number in [0, 1).</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>An integer in [0, bound).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bound is not positive.</exception>
    public int Next(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return (int)((NextBits() >> 32) * (ulong)bound >> 32);
    }

    /// <summary>A normal deviate with mean 0 and deviation 1 (Box and Muller).</summary>
    public double NextNormal()
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        return radius * Math.Cos(2 * Math.PI * NextDouble());
    }

    /// <summary>An exponential deviate with mean 1.</summary>
    public double NextExponential() => -Math.Log(1 - NextDouble());

    private static ulong Mix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15UL;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
