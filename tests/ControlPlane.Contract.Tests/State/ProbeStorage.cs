using System.Collections.Concurrent;
using Orleans.Runtime;
using Orleans.Storage;

namespace ControlPlane.Contract.Tests.State;

/// <summary>A storage for one kind of state that a test can look into and make fail, by the grain's key.</summary>
public sealed class ProbeStorage : IGrainStorage
{
    private static readonly ConcurrentDictionary<string, (Notes Notes, int Version)> Records = new();
    private static readonly ConcurrentDictionary<string, Exception> Failures = new();

    public static int WritesOf(string key) => Records.TryGetValue(key, out var record) ? record.Version : 0;

    /// <summary>Replaces the stored record, as another activation of the same grain would.</summary>
    public static void Overwrite(string key, string text) => Records.AddOrUpdate(
        key, _ => (new Notes { Text = text }, 1), (_, old) => (new Notes { Text = text }, old.Version + 1));

    /// <summary>Makes the next operation fail.</summary>
    public static void FailOnce(string key, Exception exception) => Failures[key] = exception;

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ThrowIfAsked(grainId);
        var found = Records.TryGetValue(grainId.Key.ToString()!, out var record);
        grainState.State = (T)(object)(found ? record.Notes : new Notes());
        grainState.ETag = found ? Etag(record.Version) : null;
        grainState.RecordExists = found;
        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await Task.Yield();
        ThrowIfAsked(grainId);
        var key = grainId.Key.ToString()!;
        var stored = Records.TryGetValue(key, out var record) ? Etag(record.Version) : null;
        if (stored != grainState.ETag)
        {
            throw new InconsistentStateException("changed by another", stored, grainState.ETag);
        }

        Records[key] = ((Notes)(object)grainState.State!, record.Version + 1);
        grainState.ETag = Etag(record.Version + 1);
        grainState.RecordExists = true;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ThrowIfAsked(grainId);
        Records.TryRemove(grainId.Key.ToString()!, out _);
        grainState.State = (T)(object)new Notes();
        grainState.ETag = null;
        grainState.RecordExists = false;
        return Task.CompletedTask;
    }

    private static string Etag(int version) => $"v{version}";

    private static void ThrowIfAsked(GrainId grainId)
    {
        if (Failures.TryRemove(grainId.Key.ToString()!, out var exception))
        {
            throw exception;
        }
    }
}
