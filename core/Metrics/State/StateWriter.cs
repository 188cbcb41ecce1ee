using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace ControlPlane.Core.Metrics.State;

/// <summary>
/// Writes the compact byte form of a state: 4 letters of kind, a format version (16 bits), the body, and a CRC-32C over all of it.
/// Little-endian throughout.
/// </summary>
internal sealed class StateWriter
{
    private byte[] _buffer;
    private int _length;

    public StateWriter(string kind, ushort version, int capacity = 1024)
    {
        _buffer = new byte[Math.Max(capacity, 64)];
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
        foreach (var value in values) Write(value);
    }

    public void Write(ReadOnlySpan<double> values)
    {
        foreach (var value in values) Write(value);
    }

    public void Write(ReadOnlySpan<ushort> values)
    {
        foreach (var value in values) Write(value);
    }

    /// <summary>Appends the checksum and gives the whole.</summary>
    public byte[] ToBytes()
    {
        var checksum = Checksum(_buffer.AsSpan(0, _length));
        BinaryPrimitives.WriteUInt32LittleEndian(Take(4), checksum);
        return _buffer.AsSpan(0, _length).ToArray();
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
        if (_length + count > _buffer.Length) Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + count));
        var span = _buffer.AsSpan(_length, count);
        _length += count;
        return span;
    }
}
