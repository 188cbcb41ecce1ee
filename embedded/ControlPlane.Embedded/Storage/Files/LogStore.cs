using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace ControlPlane.Embedded.Storage.Files;

/// <summary>
/// All records of a folder in one append-only log. One thread writes: it takes whatever waits, appends it, flushes it to disk once
/// and only then lets the writers go on. The index holds where the newest value of each key is.
/// </summary>
internal sealed partial class LogStore : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<LogKey, Place> _index = [];
    private readonly object _queueGate = new();
    private readonly FileStream _folderLock;
    private readonly ILogger _logger;
    private readonly FileGrainStorageOptions _options;
    private readonly string _path;
    private readonly Thread _writer;
    private List<LogWrite> _queue = [];
    private FileStream _file;
    private long _length;
    private long _live;
    private long _lastEtag;
    private bool _stopping;
    private Exception? _broken;

    internal LogStore(FileGrainStorageOptions options, ILogger logger)
    {
        _options = options;
        _logger = logger;
        _path = Path.Combine(options.Folder, "grains.log");
        _folderLock = DurableFolder.Lock(options.Folder);
        try
        {
            File.Delete(_path + ".new");
            if (!File.Exists(_path))
            {
                WriteNewFile([]).Dispose();
                DurableFolder.Replace(_path + ".new", _path);
            }

            _file = OpenAndRead();
        }
        catch
        {
            _folderLock.Dispose();
            throw;
        }

        _writer = new Thread(WriteLoop) { IsBackground = true, Name = "grain log" };
        _writer.Start();
    }

    /// <summary>The length of the log in bytes.</summary>
    internal long Length => Volatile.Read(ref _length);

    /// <summary>The number of times that the log was flushed to disk.</summary>
    internal long Flushes { get; private set; }

    /// <summary>Called before and after each step of a compaction, so that a test can crash there.</summary>
    internal Action<string>? OnCompaction { get; set; }

    /// <summary>Writes what waits, notes that all of it is on disk, and lets the folder go.</summary>
    public void Dispose()
    {
        lock (_queueGate)
        {
            if (_stopping)
            {
                return;
            }

            _stopping = true;
            Monitor.Pulse(_queueGate);
        }

        _writer.Join();
        if (_broken is null)
        {
            var mark = new MemoryStream();
            LogFormat.WriteMark(mark, _length, _lastEtag);
            Append(mark);
        }

        Abandon();
    }

    /// <summary>Closes the files as the end of the process would: without writing anything more.</summary>
    internal void Abandon()
    {
        lock (_queueGate)
        {
            _stopping = true;
            _broken ??= new ObjectDisposedException(nameof(LogStore), "it is closed");
            Monitor.Pulse(_queueGate);
        }

        _writer.Join();
        _file.Dispose();
        _folderLock.Dispose();
    }

    /// <summary>Reads the newest value of a key.</summary>
    /// <returns>The value and its etag; null if there is none.</returns>
    internal (byte[] Json, long Etag)? Read(LogKey key)
    {
        lock (_gate)
        {
            return _index.TryGetValue(key, out var place) ? (ReadAt(key, place).Json.ToArray(), place.Etag) : null;
        }
    }

    /// <summary>Writes a value, or removes it.</summary>
    /// <returns>The new etag, once it is on disk.</returns>
    internal Task<long> WriteAsync(LogWrite write)
    {
        lock (_queueGate)
        {
            if (_broken is not null || _stopping)
            {
                return Task.FromException<long>(Unusable());
            }

            _queue.Add(write);
            Monitor.Pulse(_queueGate);
        }

        return write.Done.Task;
    }

    /// <summary>All values, ordered by key.</summary>
    internal IEnumerable<(LogKey Key, long Etag, byte[] Json)> All()
    {
        LogKey[] keys;
        lock (_gate)
        {
            keys = [.. _index.Keys];
        }

        Array.Sort(keys, static (a, b) => string.CompareOrdinal(a.ToText(), b.ToText()));
        foreach (var key in keys)
        {
            if (Read(key) is { } value)
            {
                yield return (key, value.Etag, value.Json);
            }
        }
    }

    private FileStream OpenAndRead()
    {
        var file = new FileStream(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        try
        {
            var end = LogRecovery.Read(file, _path, (record, offset, length) =>
            {
                _lastEtag = Math.Max(_lastEtag, record.Etag);
                Apply(record.Kind, record.Key, new Place(offset, length, record.Etag));
            });
            if (end < file.Length)
            {
                Log.TailDropped(_logger, _path, end, file.Length - end);
                file.SetLength(end);
                file.Flush(flushToDisk: true);
            }

            _length = end;
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private void Apply(LogFormat.Kind kind, LogKey key, Place place)
    {
        if (kind == LogFormat.Kind.Mark)
        {
            return;
        }

        if (_index.Remove(key, out var before))
        {
            _live -= before.Length;
        }

        if (kind == LogFormat.Kind.Put)
        {
            _index.Add(key, place);
            _live += place.Length;
        }
    }

    private LogRecord ReadAt(LogKey key, Place place)
    {
        var bytes = new byte[place.Length];
        for (var filled = 0; filled < bytes.Length;)
        {
            var got = RandomAccess.Read(_file.SafeFileHandle, bytes.AsSpan(filled), place.Offset + filled);
            filled += got > 0 ? got : throw new InvalidDataException($"'{_path}' ends before offset {place.Offset + place.Length}.");
        }

        if (LogFormat.RecordLength(bytes) is null)
        {
            throw new InvalidDataException($"'{_path}' is damaged at offset {place.Offset}: the checksum of the record of {key.Grain} does not fit.");
        }

        return LogFormat.Parse(bytes, _path, place.Offset);
    }

    private IOException Unusable() => new($"The grain log '{_path}' cannot be written any more: {_broken?.Message ?? "it is closed"}", _broken);

    /// <summary>Where a value is.</summary>
    private readonly record struct Place(long Offset, int Length, long Etag);

    private static partial class Log
    {
        [LoggerMessage(20, LogLevel.Warning,
            "{File} ends with {Bytes} bytes at offset {Offset} of writes that a crash cut off; they were never acknowledged and are dropped.")]
        internal static partial void TailDropped(ILogger logger, string file, long offset, long bytes);

        [LoggerMessage(21, LogLevel.Error, "Writing {File} failed.")]
        internal static partial void WriteFailed(ILogger logger, string file, Exception exception);

        [LoggerMessage(22, LogLevel.Error, "Compacting {File} failed; it goes on growing.")]
        internal static partial void CompactionFailed(ILogger logger, string file, Exception exception);
    }
}

/// <summary>A write that waits for the disk.</summary>
/// <param name="kind">A put or a clear.</param>
/// <param name="key">What it is about.</param>
/// <param name="expectedEtag">The etag that the stored value must have; null if there must be none.</param>
/// <param name="isForced">Whether any stored value is replaced.</param>
/// <param name="json">The value.</param>
internal sealed class LogWrite(LogFormat.Kind kind, LogKey key, string? expectedEtag, bool isForced, ReadOnlyMemory<byte> json)
{
    internal LogFormat.Kind Kind => kind;

    internal LogKey Key => key;

    internal string? ExpectedEtag => expectedEtag;

    internal bool IsForced => isForced;

    internal ReadOnlyMemory<byte> Json => json;

    internal TaskCompletionSource<long> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal InconsistentStateException Conflict(string? stored)
        => new($"State \"{key.State}\" of {key.Grain} was changed by somebody else.", stored, expectedEtag);
}
