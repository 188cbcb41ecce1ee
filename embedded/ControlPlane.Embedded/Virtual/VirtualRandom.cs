using System.Buffers.Binary;

namespace ControlPlane.Embedded.Virtual;

/// <summary>The run's source of random numbers; a function of the seed as long as only the run draws from it.</summary>
internal sealed class VirtualRandom(VirtualScheduler scheduler, SplitMix source) : Random(0)
{
    public override int Next() => Next(int.MaxValue);

    public override int Next(int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxValue);
        scheduler.CheckThread();
        return source.Next(maxValue);
    }

    public override int Next(int minValue, int maxValue) => (int)NextInt64(minValue, maxValue);

    public override long NextInt64() => NextInt64(long.MaxValue);

    public override long NextInt64(long maxValue) => NextInt64(0, maxValue);

    public override long NextInt64(long minValue, long maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        scheduler.CheckThread();
        var range = unchecked((ulong)(maxValue - minValue));
        return range == 0 ? minValue : unchecked(minValue + (long)Math.BigMul(source.Next(), range, out _));
    }

    public override double NextDouble() => Sample();

    public override float NextSingle() => (float)(Sample() * (1 - 1e-7));

    public override void NextBytes(byte[] buffer) => NextBytes(buffer.AsSpan());

    public override void NextBytes(Span<byte> buffer)
    {
        scheduler.CheckThread();
        Span<byte> eight = stackalloc byte[8];
        while (!buffer.IsEmpty)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(eight, source.Next());
            var count = Math.Min(8, buffer.Length);
            eight[..count].CopyTo(buffer);
            buffer = buffer[count..];
        }
    }

    protected override double Sample()
    {
        scheduler.CheckThread();
        return source.NextDouble();
    }
}
