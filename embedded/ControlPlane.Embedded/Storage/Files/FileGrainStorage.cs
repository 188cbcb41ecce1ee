using System.Globalization;
using Orleans.Storage;

namespace ControlPlane.Embedded.Storage.Files;

/// <summary>
/// Keeps state in a folder so that it survives any end of the process: a write is acknowledged only when it is on disk. Several
/// storages can share a folder.
/// </summary>
internal sealed class FileGrainStorage(string name, LogStore store, IGrainStorageSerializer serializer) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var record = store.Read(Key(stateName, grainId));
        grainState.State = record is { } found ? serializer.Deserialize<T>(new BinaryData(found.Json)) : StateBridge<T>.NewState();
        grainState.ETag = record is { } stored ? Print(stored.Etag) : null;
        grainState.RecordExists = record is not null;
        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var json = serializer.Serialize(grainState.State).ToMemory();
        var write = new LogWrite(LogFormat.Kind.Put, Key(stateName, grainId), grainState.ETag, isForced: false, json);
        var etag = await store.WriteAsync(write).ConfigureAwait(false);
        grainState.ETag = Print(etag);
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var write = new LogWrite(LogFormat.Kind.Clear, Key(stateName, grainId), grainState.ETag, isForced: false, default);
        await store.WriteAsync(write).ConfigureAwait(false);
        grainState.State = StateBridge<T>.NewState();
        grainState.ETag = null;
        grainState.RecordExists = false;
    }

    private static string Print(long etag) => etag.ToString(CultureInfo.InvariantCulture);

    private LogKey Key(string stateName, GrainId grainId) => new(name, stateName, grainId.ToString());
}
