using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace ControlPlane.Core.Metrics.State;

/// <summary>Reads what <see cref="StateWriter"/> wrote; every flaw is an <see cref="InvalidDataException"/> that says what is wrong.</summary>
internal ref struct StateReader
{
    private const int HeaderBytes = 6;
    private const int ChecksumBytes = 4;
    private readonly string _what;
    private ReadOnlySpan<byte> _rest;

    /// <summary>Checks kind, version and checksum of <paramref name="bytes"/>; <paramref name="what"/> names the state in messages.</summary>
    public StateReader(ReadOnlySpan<byte> bytes, string kind, ushort newestVersion, string what)
    {
        _what = what;
        if (bytes.Length < HeaderBytes + ChecksumBytes || !IsKind(bytes, kind))
            throw new InvalidDataException($"These bytes are not the state of {what}: they do not start with '{kind}'.");
        Version = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);
        if (Version == 0 || Version > newestVersion)
            throw new InvalidDataException($"The state of {what} has format version {Version}; this program reads 1 to {newestVersion}.");
        var body = bytes[..^ChecksumBytes];
        if (StateWriter.Checksum(body) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[^ChecksumBytes..]))
            throw new InvalidDataException($"The state of {what} is damaged: its checksum does not match its {bytes.Length} bytes.");
        _rest = body[HeaderBytes..];
    }

    public ushort Version { get; }

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public float ReadSingle() => BinaryPrimitives.ReadSingleLittleEndian(Take(4));

    public double ReadDouble() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    public bool ReadBoolean() => Take(1)[0] != 0;

    public string ReadString() => Encoding.UTF8.GetString(Take(ReadCount(1)));

    /// <summary>A count of items of <paramref name="itemBytes"/> bytes at least; it cannot exceed what is left.</summary>
    public int ReadCount(int itemBytes)
    {
        var count = ReadInt32();
        if (count < 0 || (long)count * itemBytes > _rest.Length)
            throw new InvalidDataException($"The state of {_what} is damaged: it announces {count} items and holds fewer.");
        return count;
    }

    public void Read(Span<float> values)
    {
        if (BitConverter.IsLittleEndian) ReadAsTheyAre(values);
        else for (var i = 0; i < values.Length; i++) values[i] = ReadSingle();
    }

    public void Read(Span<double> values)
    {
        if (BitConverter.IsLittleEndian) ReadAsTheyAre(values);
        else for (var i = 0; i < values.Length; i++) values[i] = ReadDouble();
    }

    public void Read(Span<ushort> values)
    {
        if (BitConverter.IsLittleEndian) ReadAsTheyAre(values);
        else for (var i = 0; i < values.Length; i++) values[i] = ReadUInt16();
    }

    public void Read(Span<byte> bytes) => Take(bytes.Length).CopyTo(bytes);

    /// <summary>Bytes that <see cref="StateWriter.WriteBlock"/> wrote.</summary>
    public ReadOnlySpan<byte> ReadBlock() => Take(ReadCount(1));

    /// <summary>Throws unless everything was read.</summary>
    public readonly void End()
    {
        if (!_rest.IsEmpty) throw Flaw($"{_rest.Length} bytes are left over");
    }

    /// <summary>The exception for a value that cannot be.</summary>
    public readonly InvalidDataException Flaw(string flaw) => new($"The state of {_what} is damaged: {flaw}.");

    private static bool IsKind(ReadOnlySpan<byte> bytes, string kind)
    {
        for (var i = 0; i < kind.Length; i++)
        {
            if (bytes[i] != kind[i]) return false;
        }

        return true;
    }

    private void ReadAsTheyAre<T>(Span<T> values)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(values);
        Take(bytes.Length).CopyTo(bytes);
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length) throw Flaw("it ends too early");
        var span = _rest[..count];
        _rest = _rest[count..];
        return span;
    }
}
