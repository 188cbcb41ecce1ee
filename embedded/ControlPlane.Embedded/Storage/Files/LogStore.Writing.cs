using System.Globalization;

namespace ControlPlane.Embedded.Storage.Files;

/// <summary>The writing thread and compaction.</summary>
internal sealed partial class LogStore
{
    /// <summary>A batch's bytes stay allocated up to this size: batches come again and again, and large arrays are expensive to collect.</summary>
    private const int KeptBatchBytes = 4 << 20;

    private readonly MemoryStream _batch = new();

    private static string Print(long etag) => etag.ToString(CultureInfo.InvariantCulture);

    private void WriteLoop()
    {
        while (TakeQueue() is { } batch)
        {
            try
            {
                WriteBatch(batch);
            }
            catch (Exception exception)
            {
                Break(exception, batch);
                continue;
            }

            CompactIfWorthwhile();
        }
    }

    private List<LogWrite>? TakeQueue()
    {
        lock (_queueGate)
        {
            while (_queue.Count == 0 && !_stopping)
            {
                Monitor.Wait(_queueGate);
            }

            if (_queue.Count == 0)
            {
                return null;
            }

            var batch = _queue;
            _queue = [];
            return batch;
        }
    }

    private void WriteBatch(List<LogWrite> batch)
    {
        if (_broken is not null)
        {
            throw Unusable();
        }

        var bytes = EmptyBatch();
        var pending = new Dictionary<LogKey, string?>();
        var accepted = new List<(LogWrite Write, Place Place)>(batch.Count);
        LogFormat.WriteMark(bytes, _length, _lastEtag);
        foreach (var write in batch)
        {
            var stored = pending.TryGetValue(write.Key, out var newer) ? newer
                : _index.TryGetValue(write.Key, out var place) ? Print(place.Etag) : null;
            if (!write.IsForced && stored != write.ExpectedEtag)
            {
                write.Done.TrySetException(write.Conflict(stored));
                continue;
            }

            var start = bytes.Position;
            var etag = ++_lastEtag;
            LogFormat.WritePut(bytes, write.Kind, write.Key, etag, write.Json.Span);
            accepted.Add((write, new Place(_length + start, (int)(bytes.Position - start), etag)));
            pending[write.Key] = write.Kind == LogFormat.Kind.Put ? Print(etag) : null;
        }

        if (accepted.Count == 0)
        {
            return;
        }

        Append(bytes);
        lock (_gate)
        {
            foreach (var (write, place) in accepted)
            {
                Apply(write.Kind, write.Key, place);
            }
        }

        foreach (var (write, place) in accepted)
        {
            write.Done.TrySetResult(place.Etag);
        }
    }

    private MemoryStream EmptyBatch()
    {
        _batch.SetLength(0);
        if (_batch.Capacity > KeptBatchBytes)
        {
            _batch.Capacity = 0;
        }

        return _batch;
    }

    private void Append(MemoryStream bytes)
    {
        RandomAccess.Write(_file.SafeFileHandle, bytes.GetBuffer().AsSpan(0, (int)bytes.Length), _length);
        _file.Flush(flushToDisk: true);
        Flushes++;
        Volatile.Write(ref _length, _length + bytes.Length);
    }

    // After a failed write or flush nobody knows what is on disk. Only reading the file anew does.
    private void Break(Exception exception, List<LogWrite> batch)
    {
        List<LogWrite> waiting;
        lock (_queueGate)
        {
            if (_broken is null)
            {
                Log.WriteFailed(_logger, _path, exception);
                _broken = exception;
            }

            waiting = _queue;
            _queue = [];
        }

        foreach (var write in batch.Concat(waiting))
        {
            write.Done.TrySetException(Unusable());
        }
    }

    private void CompactIfWorthwhile()
    {
        if (_length < _options.CompactionMinimumBytes || _length < _live * _options.CompactionGarbageFactor)
        {
            return;
        }

        try
        {
            Compact();
        }
        catch (IOException exception)
        {
            Log.CompactionFailed(_logger, _path, exception);
        }
    }

    private void Compact()
    {
        var moved = new Dictionary<LogKey, Place>(_index.Count);
        OnCompaction?.Invoke("start");
        var file = WriteNewFile(moved);
        try
        {
            OnCompaction?.Invoke("flushed");
            DurableFolder.Replace(_path + ".new", _path);
            OnCompaction?.Invoke("renamed");
        }
        catch
        {
            file.Dispose();
            throw;
        }

        FileStream old;
        lock (_gate)
        {
            old = _file;
            _file = file;
            _index.Clear();
            _live = 0;
            foreach (var (key, place) in moved)
            {
                Apply(LogFormat.Kind.Put, key, place);
            }
        }

        Volatile.Write(ref _length, file.Length);
        old.Dispose();
    }

    /// <summary>Writes header, live values and marks to a file beside the log and flushes it.</summary>
    private FileStream WriteNewFile(Dictionary<LogKey, Place> moved)
    {
        var file = new FileStream(_path + ".new", FileMode.Create, FileAccess.ReadWrite, FileShare.Read, bufferSize: 1 << 20);
        try
        {
            file.Write(LogFormat.Header());
            var buffer = new MemoryStream();
            LogFormat.WriteMark(buffer, LogFormat.HeaderBytes, _lastEtag);
            foreach (var (key, place) in _index)
            {
                var start = file.Position + buffer.Position;
                LogFormat.WritePut(buffer, LogFormat.Kind.Put, key, place.Etag, ReadAt(key, place).Json.Span);
                moved.Add(key, place with { Offset = start, Length = (int)(file.Position + buffer.Position - start) });
                FlushBuffer(file, buffer, atLeast: 1 << 20);
                if (moved.Count == 1)
                {
                    OnCompaction?.Invoke("writing");
                }
            }

            FlushBuffer(file, buffer, atLeast: 0);
            LogFormat.WriteMark(buffer, file.Position, _lastEtag);
            FlushBuffer(file, buffer, atLeast: 0);
            file.Flush(flushToDisk: true);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static void FlushBuffer(FileStream file, MemoryStream buffer, int atLeast)
    {
        if (buffer.Position >= atLeast)
        {
            file.Write(buffer.GetBuffer().AsSpan(0, (int)buffer.Position));
            buffer.SetLength(0);
        }
    }
}
