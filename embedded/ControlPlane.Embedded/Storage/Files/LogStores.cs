using Microsoft.Extensions.Logging;

namespace ControlPlane.Embedded.Storage.Files;

/// <summary>The open folders of a process, shared by the storages that name the same one.</summary>
internal sealed class LogStores(ILoggerFactory loggers) : IDisposable
{
    private readonly Dictionary<string, LogStore> _open = [];

    public void Dispose()
    {
        lock (_open)
        {
            foreach (var store in _open.Values)
            {
                store.Dispose();
            }

            _open.Clear();
        }
    }

    internal LogStore Open(FileGrainStorageOptions options)
    {
        var folder = Path.GetFullPath(options.Folder);
        lock (_open)
        {
            if (!_open.TryGetValue(folder, out var store))
            {
                _open.Add(folder, store = new LogStore(options, loggers.CreateLogger<FileGrainStorage>()));
            }

            return store;
        }
    }
}
