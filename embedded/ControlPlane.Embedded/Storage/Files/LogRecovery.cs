namespace ControlPlane.Embedded.Storage.Files;

/// <summary>Reads a log from its start and tells what was cut off by a crash from what was damaged later.</summary>
internal static class LogRecovery
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>Reads all records.</summary>
    /// <param name="file">The log.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="visit">Receives each record, its offset and its length.</param>
    /// <returns>The length of the log without what was cut off.</returns>
    /// <exception cref="InvalidDataException">The log is damaged where it was once on disk.</exception>
    internal static long Read(FileStream file, string name, Action<LogRecord, long, int> visit)
    {
        var header = new byte[LogFormat.HeaderBytes];
        var read = RandomAccess.Read(file.SafeFileHandle, header, 0);
        LogFormat.CheckHeader(header.AsSpan(0, read), name);
        long offset = LogFormat.HeaderBytes;
        var window = new Window(file);
        while (offset < window.FileLength)
        {
            if (window.RecordAt(offset) is not { } record)
            {
                if (MarkAfter(window, offset) is { } mark)
                {
                    throw new InvalidDataException(
                        $"'{name}' is damaged at offset {offset}: the record there is not readable, although it was on disk before offset {mark} was written. "
                        + "Restore the file from a backup.");
                }

                return offset;
            }

            visit(LogFormat.Parse(record, name, offset), offset, record.Length);
            offset += record.Length;
        }

        return offset;
    }

    private static long? MarkAfter(Window window, long offset)
    {
        for (var at = offset + 1; at + LogFormat.MarkBytes <= window.FileLength; at++)
        {
            if (LogFormat.IsMark(window.Bytes(at, LogFormat.MarkBytes).Span, at))
            {
                return at;
            }
        }

        return null;
    }

    /// <summary>A part of the file in memory that moves along.</summary>
    private sealed class Window(FileStream file)
    {
        private byte[] _buffer = [];
        private long _start;

        internal long FileLength { get; } = file.Length;

        internal ReadOnlyMemory<byte>? RecordAt(long offset)
        {
            var frame = Bytes(offset, LogFormat.FrameBytes).Span;
            if (frame.Length < LogFormat.FrameBytes)
            {
                return null;
            }

            var length = LogFormat.FrameBytes + (long)BitConverter.ToUInt32(frame);
            if (length > FileLength - offset || length > int.MaxValue)
            {
                return null;
            }

            var bytes = Bytes(offset, (int)length);
            return LogFormat.RecordLength(bytes.Span) is { } whole ? bytes[..whole] : default(ReadOnlyMemory<byte>?);
        }

        internal ReadOnlyMemory<byte> Bytes(long offset, int count)
        {
            count = (int)Math.Min(count, FileLength - offset);
            if (offset < _start || offset + count > _start + _buffer.Length)
            {
                var size = (int)Math.Min(Math.Max(count, ChunkBytes), FileLength - offset);
                _buffer = new byte[size];
                _start = offset;
                for (var filled = 0; filled < size;)
                {
                    var got = RandomAccess.Read(file.SafeFileHandle, _buffer.AsSpan(filled), offset + filled);
                    filled += got > 0 ? got : throw new EndOfStreamException();
                }
            }

            return _buffer.AsMemory((int)(offset - _start), count);
        }
    }
}
