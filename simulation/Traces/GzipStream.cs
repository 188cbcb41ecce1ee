using System.Buffers.Binary;
using System.IO.Compression;

namespace ControlPlane.Simulation.Traces;

/// <summary>
/// Unpacks gzip data and can tell whether they were whole: the platform's stream ends quietly where a file was cut off, so the length
/// in the trailer (RFC 1952, ISIZE) is compared with what came out.
/// </summary>
internal sealed class GzipStream(FileStream file) : Stream
{
    private readonly GZipStream _inner = new(file, CompressionMode.Decompress, leaveOpen: true);
    private long _length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    public static bool IsGzip(FileStream file)
    {
        file.Position = 0;
        var isGzip = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        return isGzip;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var count = _inner.Read(buffer);
        _length += count;
        return count;
    }

    /// <exception cref="InvalidDataException">The data end before their trailer.</exception>
    public void ThrowIfCutOff()
    {
        var rest = new byte[1 << 16];
        while (Read(rest) > 0)
        {
        }

        if (file.Length < 18) throw new InvalidDataException("The data end before their trailer.");
        file.Position = file.Length - 4;
        Span<byte> trailer = stackalloc byte[4];
        file.ReadExactly(trailer);
        var told = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        if (told == (uint)_length) return;
        // Several members in one file: the trailer speaks of the last one only.
        if (told >= _length || !HasSecondMember()) throw new InvalidDataException("The data end before their trailer.");
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _inner.Dispose();
        base.Dispose(disposing);
    }

    private bool HasSecondMember()
    {
        var bytes = new byte[1 << 16];
        file.Position = 2;
        var kept = 0;
        for (int count; (count = file.Read(bytes, kept, bytes.Length - kept)) > 0;)
        {
            var filled = kept + count;
            if (bytes.AsSpan(0, filled).IndexOf((ReadOnlySpan<byte>)[0x1f, 0x8b, 0x08, 0x00]) >= 0) return true;
            kept = Math.Min(3, filled);
            bytes.AsSpan(filled - kept, kept).CopyTo(bytes);
        }

        return false;
    }
}
