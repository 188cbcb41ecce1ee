using System.Globalization;
using Orleans.Storage;

namespace ControlPlane.Embedded.Storage;

/// <summary>The records of memory storages, by storage name. Outlives an engine, so that a restart can be tried out.</summary>
public sealed class MemoryStorageMedium
{
    private readonly Dictionary<string, Dictionary<(string State, GrainId Grain), (BinaryData Data, long Version)>> _storages = [];
    private long _version;

    internal Dictionary<(string State, GrainId Grain), (BinaryData Data, long Version)> Open(string name)
    {
        lock (_storages)
        {
            return _storages.TryGetValue(name, out var records) ? records : _storages[name] = [];
        }
    }

    /// <summary>A version that no record ever had, so that a record that was cleared and written again is not taken for the old one.</summary>
    internal long NextVersion() => Interlocked.Increment(ref _version);
}

/// <summary>Keeps state as bytes in memory, with the checks that lasting storage makes.</summary>
/// <param name="name">The storage's name.</param>
/// <param name="medium">Where the records are.</param>
/// <param name="serializer">Makes the bytes.</param>
public sealed class MemoryGrainStorage(string name, MemoryStorageMedium medium, IGrainStorageSerializer serializer) : IGrainStorage
{
    private readonly Dictionary<(string State, GrainId Grain), (BinaryData Data, long Version)> _records = medium.Open(name);

    /// <inheritdoc/>
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        bool found;
        (BinaryData Data, long Version) record;
        lock (_records)
        {
            found = _records.TryGetValue((stateName, grainId), out record);
        }

        grainState.State = found ? serializer.Deserialize<T>(record.Data) : StateBridge<T>.NewState();
        grainState.ETag = found ? Print(record.Version) : null;
        grainState.RecordExists = found;
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
            _records[(stateName, grainId)] = (data, version);
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
