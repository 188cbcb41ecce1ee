using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ControlPlane.Embedded.Storage.Files;

/// <summary>A stored state of a grain, as it is moved between storages.</summary>
/// <param name="Storage">The storage's name.</param>
/// <param name="State">The state's name within the grain.</param>
/// <param name="Grain">The grain, <c>type/key</c>.</param>
/// <param name="Etag">The version; new storages give out their own.</param>
/// <param name="Json">The state as UTF-8 JSON.</param>
public sealed record StoredState(string Storage, string State, string Grain, string Etag, ReadOnlyMemory<byte> Json);

/// <summary>All states of a folder, for export and import while no silo uses it.</summary>
public sealed class StateArchive : IDisposable
{
    private readonly LogStore _store;

    /// <summary>Opens a folder.</summary>
    /// <param name="folder">The folder; made if there is none.</param>
    /// <param name="logger">Is told of what a crash cut off.</param>
    /// <exception cref="IOException">Another process uses the folder.</exception>
    /// <exception cref="InvalidDataException">The log in it is damaged, or of another version.</exception>
    public StateArchive(string folder, ILogger? logger = null)
        => _store = new LogStore(new FileGrainStorageOptions { Folder = folder }, logger ?? NullLogger.Instance);

    /// <summary>Lists all states.</summary>
    /// <returns>The states, ordered by storage, state and grain.</returns>
    public IEnumerable<StoredState> Export() => _store.All()
        .Select(static r => new StoredState(r.Key.Storage, r.Key.State, r.Key.Grain, r.Etag.ToString(CultureInfo.InvariantCulture), r.Json));

    /// <summary>Writes states over whatever is there.</summary>
    /// <param name="states">The states.</param>
    /// <returns>The number of states, once all are on disk.</returns>
    public async Task<int> ImportAsync(IEnumerable<StoredState> states)
    {
        ArgumentNullException.ThrowIfNull(states);
        var count = 0;
        foreach (var chunk in states.Chunk(1000))
        {
            await Task.WhenAll(chunk.Select(state => _store.WriteAsync(new LogWrite(
                LogFormat.Kind.Put, new LogKey(state.Storage, state.State, state.Grain), null, isForced: true, state.Json)))).ConfigureAwait(false);
            count += chunk.Length;
        }

        return count;
    }

    /// <summary>Lets the folder go.</summary>
    public void Dispose() => _store.Dispose();
}
