using System.Globalization;
using System.Runtime.InteropServices;
using Orleans.Storage;

namespace ControlPlane.Embedded.Storage;

/// <summary>The records of memory storages, by storage name. Outlives an engine, so that a restart can be tried out.</summary>
public sealed class MemoryStorageMedium
{
    private readonly Dictionary<string, Dictionary<(string State, GrainId Grain), MemoryRecord>> _storages = [];
    private long _version;

    internal Dictionary<(string State, GrainId Grain), MemoryRecord> Open(string name)
    {
        lock (_storages)
        {
            return _storages.TryGetValue(name, out var records) ? records : _storages[name] = [];
        }
    }

    /// <summary>A version that no record ever had, so that a record that was cleared and written again is not taken for the old one.</summary>
    internal long NextVersion() => Interlocked.Increment(ref _version);
}

/// <summary>
/// The bytes of one state. A later version takes the place of the one before where it fits: state is written again and again, and what
/// has lived for long is expensive to collect. Used under the lock of its records.
/// </summary>
internal sealed class MemoryRecord
{
    private byte[] _bytes = [];
    private int _length;

    internal long Version { get; private set; }

    /// <summary>A copy, which no later version changes.</summary>
    internal BinaryData Read() => new(_bytes.AsSpan(0, _length).ToArray());

    internal void Write(ReadOnlySpan<byte> bytes, long version)
    {
        if (bytes.Length > _bytes.Length || bytes.Length < _bytes.Length / 2)
        {
            // A little more than now, because most states grow slowly.
            _bytes = new byte[bytes.Length + bytes.Length / 8];
        }

        bytes.CopyTo(_bytes);
        (_length, Version) = (bytes.Length, version);
    }
}

/// <summary>Keeps state as bytes in memory, with the checks that lasting storage makes.</summary>
/// <param name="name">The storage's name.</param>
/// <param name="medium">Where the records are.</param>
/// <param name="serializer">Makes the bytes.</param>
public sealed class MemoryGrainStorage(string name, MemoryStorageMedium medium, IGrainStorageSerializer serializer) : IGrainStorage
{
    private readonly Dictionary<(string State, GrainId Grain), MemoryRecord> _records = medium.Open(name);

    /// <inheritdoc/>
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        (BinaryData Data, long Version)? found;
        lock (_records)
        {
            found = _records.TryGetValue((stateName, grainId), out var record) ? (record.Read(), record.Version) : null;
        }

        grainState.State = found is { } read ? serializer.Deserialize<T>(read.Data) : StateBridge<T>.NewState();
        grainState.ETag = found is { } stored ? Print(stored.Version) : null;
        grainState.RecordExists = found is not null;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        var data = serializer.Serialize(grainState.State);
        long version;
        lock (_records)
        {
            Check(stateName, grainId, grainState.ETag);
            version = medium.NextVersion();
            ref var record = ref CollectionsMarshal.GetValueRefOrAddDefault(_records, (stateName, grainId), out _);
            (record ??= new MemoryRecord()).Write(data, version);
        }

        grainState.ETag = Print(version);
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        lock (_records)
        {
            Check(stateName, grainId, grainState.ETag);
            _records.Remove((stateName, grainId));
        }

        grainState.State = StateBridge<T>.NewState();
        grainState.ETag = null;
        grainState.RecordExists = false;
        return Task.CompletedTask;
    }

    private static string Print(long version) => version.ToString(CultureInfo.InvariantCulture);

    private void Check(string stateName, GrainId grainId, string? etag)
    {
        var stored = _records.TryGetValue((stateName, grainId), out var record) ? Print(record.Version) : null;
        if (stored != etag)
        {
            throw new InconsistentStateException($"State \"{stateName}\" of {grainId} was changed by somebody else.", stored, etag);
        }
    }
}
