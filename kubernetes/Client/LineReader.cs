namespace ControlPlane.Kubernetes;

/// <summary>Reads the lines of a stream as bytes, without threads or pipes. An incomplete last line is a broken connection.</summary>
internal sealed class LineReader(Stream stream, int maxLineBytes)
{
    private byte[] _buffer = new byte[16 << 10];
    private int _start;
    private int _searched;
    private int _end;

    /// <summary>The next line that is not empty; null at the end. It stays valid until the next call.</summary>
    /// <exception cref="InvalidDataException">A line is longer than the bound.</exception>
    /// <exception cref="IOException">The stream ended within a line.</exception>
    public async Task<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryTake(out var line))
            {
                if (line.Length > 0) return line;
                continue;
            }

            MakeRoom();
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            if (read == 0) return _start == _end ? null : throw new IOException("the stream ended within a line");
            _end += read;
        }
    }

    private bool TryTake(out ReadOnlyMemory<byte> line)
    {
        var at = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
        if (at < 0)
        {
            _searched = _end;
            line = default;
            return false;
        }

        at += _searched;
        line = _buffer.AsMemory(_start, at - _start);
        if (line.Length > 0 && line.Span[^1] == '\r') line = line[..^1];
        _start = _searched = at + 1;
        return true;
    }

    private void MakeRoom()
    {
        if (_end - _start > maxLineBytes) throw new InvalidDataException($"a line is longer than {maxLineBytes} bytes");
        if (_end < _buffer.Length) return;
        var next = _start > _buffer.Length / 2 ? _buffer : new byte[_buffer.Length * 2];
        _buffer.AsSpan(_start, _end - _start).CopyTo(next);
        (_buffer, _end, _start) = (next, _end - _start, 0);
        _searched = _end;
    }
}
