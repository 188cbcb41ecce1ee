using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace ControlPlane.Embedded.Storage.Files;

/// <summary>
/// The log's bytes, little-endian. Header: 8 bytes of magic, version (u32), CRC32C of both (u32). Record: length of the body (u32),
/// CRC32C of length and body (u32), body. Body: kind (u8), then for a put or a clear: etag (u64), length of the key (u32), key
/// (UTF-8), JSON; for a mark: its own offset (u64), the last etag given out (u64).
/// </summary>
internal static class LogFormat
{
    internal const uint Version = 1;
    internal const int HeaderBytes = 16;
    internal const int FrameBytes = 8;
    internal const int MarkBytes = FrameBytes + MarkBodyBytes;

    private const int MarkBodyBytes = 17;
    private const int PutHeadBytes = 13;
    private const int MaxBodyBytes = 1 << 30;

    private static ReadOnlySpan<byte> Magic => "CPGRAINS"u8;

    internal enum Kind : byte
    {
        /// <summary>A key has a new value.</summary>
        Put = 1,

        /// <summary>A key has no value any more.</summary>
        Clear = 2,

        /// <summary>Everything before this place was on disk before this was written.</summary>
        Mark = 3,
    }

    internal static byte[] Header()
    {
        var header = new byte[HeaderBytes];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), Version);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), Checksum(header.AsSpan(0, 12)));
        return header;
    }

    /// <summary>Throws if the header is not one of this version.</summary>
    internal static void CheckHeader(ReadOnlySpan<byte> header, string file)
    {
        if (header.Length < HeaderBytes || !header[..8].SequenceEqual(Magic))
        {
            throw new InvalidDataException($"'{file}' is not a grain log: its first {HeaderBytes} bytes (offset 0) are not the header of one.");
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(header[12..]) != Checksum(header[..12]))
        {
            throw new InvalidDataException($"'{file}' is damaged at offset 0: the checksum of its header does not fit.");
        }

        var version = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        if (version != Version)
        {
            throw new InvalidDataException($"'{file}' has format version {version}; this program reads only version {Version}.");
        }
    }

    internal static void WritePut(MemoryStream target, Kind kind, LogKey key, long etag, ReadOnlySpan<byte> json)
    {
        var keyBytes = Encoding.UTF8.GetBytes(key.ToText());
        Span<byte> head = stackalloc byte[PutHeadBytes];
        head[0] = (byte)kind;
        BinaryPrimitives.WriteInt64LittleEndian(head[1..], etag);
        BinaryPrimitives.WriteInt32LittleEndian(head[9..], keyBytes.Length);
        var start = BeginFrame(target, PutHeadBytes + keyBytes.Length + json.Length);
        target.Write(head);
        target.Write(keyBytes);
        target.Write(json);
        EndFrame(target, start);
    }

    internal static void WriteMark(MemoryStream target, long offset, long lastEtag)
    {
        Span<byte> body = stackalloc byte[MarkBodyBytes];
        body[0] = (byte)Kind.Mark;
        BinaryPrimitives.WriteInt64LittleEndian(body[1..], offset);
        BinaryPrimitives.WriteInt64LittleEndian(body[9..], lastEtag);
        var start = BeginFrame(target, body.Length);
        target.Write(body);
        EndFrame(target, start);
    }

    /// <summary>The length of the whole record at the start of a span.</summary>
    /// <returns>Null if there is no whole and undamaged record.</returns>
    internal static int? RecordLength(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < FrameBytes)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (length is 0 or > MaxBodyBytes || length > bytes.Length - FrameBytes)
        {
            return null;
        }

        var sum = Checksum(bytes.Slice(FrameBytes, (int)length), Checksum(bytes[..4]));
        return sum == BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) ? FrameBytes + (int)length : null;
    }

    /// <summary>Takes an undamaged record apart.</summary>
    internal static LogRecord Parse(ReadOnlyMemory<byte> record, string file, long offset)
    {
        var body = record[FrameBytes..];
        var span = body.Span;
        var kind = (Kind)span[0];
        if (kind == Kind.Mark && span.Length == MarkBodyBytes)
        {
            return new LogRecord(kind, default, BinaryPrimitives.ReadInt64LittleEndian(span[9..]), default);
        }

        if (kind is Kind.Put or Kind.Clear && span.Length >= PutHeadBytes)
        {
            var keyLength = BinaryPrimitives.ReadInt32LittleEndian(span[9..]);
            if (keyLength >= 0 && keyLength <= span.Length - PutHeadBytes
                && LogKey.TryParse(Encoding.UTF8.GetString(span.Slice(PutHeadBytes, keyLength)), out var key))
            {
                return new LogRecord(kind, key, BinaryPrimitives.ReadInt64LittleEndian(span[1..]), body[(PutHeadBytes + keyLength)..]);
            }
        }

        throw new InvalidDataException($"'{file}' has a record at offset {offset} that this version does not know (kind {(byte)kind}).");
    }

    /// <summary>Whether a mark stands at the start of a span, written for this offset.</summary>
    internal static bool IsMark(ReadOnlySpan<byte> bytes, long offset)
        => bytes.Length >= MarkBytes
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes) == MarkBodyBytes
            && bytes[FrameBytes] == (byte)Kind.Mark
            && BinaryPrimitives.ReadInt64LittleEndian(bytes[(FrameBytes + 1)..]) == offset
            && RecordLength(bytes[..MarkBytes]) is not null;

    private static int BeginFrame(MemoryStream target, int length)
    {
        if (length > MaxBodyBytes)
        {
            throw new IOException($"A grain's state of {length} bytes is too large: the limit is {MaxBodyBytes}.");
        }

        var start = (int)target.Position;
        Span<byte> frame = stackalloc byte[FrameBytes];
        BinaryPrimitives.WriteInt32LittleEndian(frame, length);
        target.Write(frame);
        return start;
    }

    private static void EndFrame(MemoryStream target, int start)
    {
        var record = target.GetBuffer().AsSpan(start, (int)target.Position - start);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], Checksum(record[FrameBytes..], Checksum(record[..4])));
    }

    /// <summary>CRC-32C (Castagnoli); pass the sum of what comes before to go on from it.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes, uint before = 0)
    {
        var sum = ~before;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            sum = BitOperations.Crc32C(sum, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        }

        foreach (var b in bytes[(bytes.Length & ~7)..])
        {
            sum = BitOperations.Crc32C(sum, b);
        }

        return ~sum;
    }
}

/// <summary>A record of the log.</summary>
internal readonly record struct LogRecord(LogFormat.Kind Kind, LogKey Key, long Etag, ReadOnlyMemory<byte> Json);

/// <summary>What a record is about: the storage, the state and the grain.</summary>
internal readonly record struct LogKey(string Storage, string State, string Grain)
{
    internal string ToText() => $"{Storage}\0{State}\0{Grain}";

    internal static bool TryParse(string text, out LogKey key)
    {
        var parts = text.Split('\0', 3);
        key = parts.Length == 3 ? new LogKey(parts[0], parts[1], parts[2]) : default;
        return parts.Length == 3;
    }
}
