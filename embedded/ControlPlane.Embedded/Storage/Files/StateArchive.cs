using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
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
    private readonly bool _isShared;

    /// <summary>Opens a folder.</summary>
    /// <param name="folder">The folder; made if there is none.</param>
    /// <param name="logger">Is told of what a crash cut off.</param>
    /// <exception cref="IOException">Another process uses the folder.</exception>
    /// <exception cref="InvalidDataException">The log in it is damaged, or of another version.</exception>
    public StateArchive(string folder, ILogger? logger = null)
        => _store = new LogStore(new FileGrainStorageOptions { Folder = folder }, logger ?? NullLogger.Instance);

    private StateArchive(LogStore shared) => (_store, _isShared) = (shared, true);

    /// <summary>The folder of a silo of this process, to be read while it runs; imports would be written over by its grains.</summary>
    /// <param name="services">The silo's services.</param>
    /// <param name="folder">The folder that its file storage uses.</param>
    /// <returns>The states; they stay the silo's.</returns>
    public static StateArchive OfRunningSilo(IServiceProvider services, string folder)
        => new(services.GetRequiredService<LogStores>().Open(new FileGrainStorageOptions { Folder = folder }));

    /// <summary>Reads one state.</summary>
    /// <param name="storage">The storage's name.</param>
    /// <param name="state">The state's name within the grain.</param>
    /// <param name="grain">The grain, <c>type/key</c>.</param>
    /// <returns>The state; null if there is none.</returns>
    public StoredState? Read(string storage, string state, string grain)
        => _store.Read(new LogKey(storage, state, grain)) is { } found
            ? new StoredState(storage, state, grain, found.Etag.ToString(CultureInfo.InvariantCulture), found.Json)
            : null;

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

    /// <summary>Lets the folder go, unless a silo uses it.</summary>
    public void Dispose()
    {
        if (!_isShared)
        {
            _store.Dispose();
        }
    }
}
