using System.Collections.Concurrent;
using System.Text;
using ControlPlane.Silo.State;

namespace ControlPlane.Silo.Tests.State;

/// <summary>States in a dictionary.</summary>
internal sealed class MemoryStateStore : IStateStore
{
    public ConcurrentDictionary<(string State, string Grain), string> States { get; } = [];

    public List<string> Written { get; } = [];

    public IReadOnlySet<string> Forgotten { get; private set; } = new HashSet<string>();

    public string? ExportFault => null;

    public string? ImportFault => null;

    public static StateRecord Record(string state, string grain, string json) => new("grains", state, grain, Encoding.UTF8.GetBytes(json));

    public async IAsyncEnumerable<StateRecord> ExportAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var ((state, grain), json) in States.OrderBy(s => s.Key)) yield return Record(state, grain, json);
        await Task.CompletedTask;
    }

    public Task<ReadOnlyMemory<byte>?> ReadAsync(StateRecord record, CancellationToken cancellationToken) =>
        Task.FromResult(States.TryGetValue((record.State, record.Grain), out var json) ? Encoding.UTF8.GetBytes(json) : default(ReadOnlyMemory<byte>?));

    public Task WriteAsync(StateRecord record, CancellationToken cancellationToken)
    {
        lock (Written) Written.Add(record.Name);
        States[(record.State, record.Grain)] = Encoding.UTF8.GetString(record.Json.Span);
        return Task.CompletedTask;
    }

    public Task ForgetAsync(IReadOnlySet<string> written, CancellationToken cancellationToken)
    {
        Forgotten = written;
        return Task.CompletedTask;
    }
}
