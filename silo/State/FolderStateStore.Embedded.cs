using System.Runtime.CompilerServices;
using ControlPlane.Embedded.Storage.Files;

namespace ControlPlane.Silo.State;

/// <summary>The states of a folder that the embedded engine writes.</summary>
internal sealed class FolderStateStore(StateArchive archive, string? importFault) : IStateStore, IDisposable
{
    public string? ExportFault => null;

    public string? ImportFault => importFault;

    /// <summary>A folder that no silo uses.</summary>
    /// <exception cref="IOException">A silo uses it.</exception>
    public static FolderStateStore Open(string folder) => new(new StateArchive(folder), null);

    /// <summary>The folder of the silo that asks; its grains would write over what is imported under them.</summary>
    public static FolderStateStore OfRunningSilo(IServiceProvider services, string folder) =>
        new(StateArchive.OfRunningSilo(services, folder), $"a single silo imports while it is stopped: controlplane state import FILE {folder}");

    public async IAsyncEnumerable<StateRecord> ExportAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var state in archive.Export())
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new StateRecord(state.Storage, state.State, state.Grain, state.Json);
        }
        await Task.CompletedTask;
    }

    public Task<ReadOnlyMemory<byte>?> ReadAsync(StateRecord record, CancellationToken cancellationToken) =>
        Task.FromResult(archive.Read(record.Storage, record.State, record.Grain)?.Json);

    public Task WriteAsync(StateRecord record, CancellationToken cancellationToken) =>
        archive.ImportAsync([new StoredState(record.Storage, record.State, record.Grain, "", record.Json)]);

    public Task ForgetAsync(IReadOnlySet<string> written, CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => archive.Dispose();
}
