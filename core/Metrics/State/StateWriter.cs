using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace ControlPlane.Core.Metrics.State;

/// <summary>
/// Writes the compact byte form of a state: 4 letters of kind, a format version (16 bits), the body, and a CRC-32C over all of it.
/// Little-endian throughout. Its buffer is borrowed: states are saved often, and only the bytes that are kept should be made.
/// </summary>
internal sealed class StateWriter
{
    private byte[] _buffer;
    private int _length;

    public StateWriter(string kind, ushort version, int capacity = 1024)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(capacity, 64));
        foreach (var letter in kind) _buffer[_length++] = (byte)letter;
        BinaryPrimitives.WriteUInt16LittleEndian(Take(2), version);
    }

    public void Write(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(4), value);

    public void Write(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

    public void Write(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(8), value);

    public void Write(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(2), value);

    public void Write(float value) => BinaryPrimitives.WriteSingleLittleEndian(Take(4), value);

    public void Write(double value) => BinaryPrimitives.WriteDoubleLittleEndian(Take(8), value);

    public void Write(bool value) => Take(1)[0] = value ? (byte)1 : (byte)0;

    public void Write(string value)
    {
        var bytes = Encoding.UTF8.GetByteCount(value);
        Write(bytes);
        Encoding.UTF8.GetBytes(value, Take(bytes));
    }

    public void Write(ReadOnlySpan<float> values)
    {
        if (BitConverter.IsLittleEndian) WriteAsTheyAre(values);
        else foreach (var value in values) Write(value);
    }

    public void Write(ReadOnlySpan<double> values)
    {
        if (BitConverter.IsLittleEndian) WriteAsTheyAre(values);
        else foreach (var value in values) Write(value);
    }

    public void Write(ReadOnlySpan<ushort> values)
    {
        if (BitConverter.IsLittleEndian) WriteAsTheyAre(values);
        else foreach (var value in values) Write(value);
    }

    public void Write(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>Appends bytes with their length, for a state within a state.</summary>
    public void WriteBlock(ReadOnlySpan<byte> bytes)
    {
        Write(bytes.Length);
        Write(bytes);
    }

    /// <summary>Appends the checksum, gives the whole and ends the writer.</summary>
    public byte[] ToBytes()
    {
        var checksum = Checksum(_buffer.AsSpan(0, _length));
        BinaryPrimitives.WriteUInt32LittleEndian(Take(4), checksum);
        var bytes = _buffer.AsSpan(0, _length).ToArray();
        ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _length) = ([], 0);
        return bytes;
    }

    internal static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= 8; bytes = bytes[8..]) crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var one in bytes) crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }

    private Span<byte> Take(int count)
    {
        if (_length + count > _buffer.Length) Grow(_length + count);
        var span = _buffer.AsSpan(_length, count);
        _length += count;
        return span;
    }

    private void WriteAsTheyAre<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(values);
        bytes.CopyTo(Take(bytes.Length));
    }

    private void Grow(int least)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, least));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
