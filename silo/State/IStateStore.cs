namespace ControlPlane.Silo.State;

/// <summary>All states of a store, for export and import.</summary>
internal interface IStateStore
{
    /// <summary>Why nothing can be exported, as a sentence; null when it can.</summary>
    string? ExportFault { get; }

    /// <summary>Why nothing can be imported, as a sentence; null when it can.</summary>
    string? ImportFault { get; }

    /// <summary>Every state. One that is written meanwhile is given as it was before or after.</summary>
    IAsyncEnumerable<StateRecord> ExportAsync(CancellationToken cancellationToken);

    /// <summary>The stored bytes of a state; null when there is none.</summary>
    Task<ReadOnlyMemory<byte>?> ReadAsync(StateRecord record, CancellationToken cancellationToken);

    /// <summary>Stores a state in place of whatever is there; it is stored when the call returns.</summary>
    Task WriteAsync(StateRecord record, CancellationToken cancellationToken);

    /// <summary>Has grains that are awake read their state anew; their own version of it is out of date.</summary>
    Task ForgetAsync(IReadOnlySet<string> written, CancellationToken cancellationToken);
}

/// <summary>State in memory, which nothing can be read from but the grains.</summary>
internal sealed class NoStateStore : IStateStore
{
    private const string Fault = "this silo keeps its state in Memory: there is nothing to export and nothing that an import would outlive";

    public string? ExportFault => Fault;

    public string? ImportFault => Fault;

    public IAsyncEnumerable<StateRecord> ExportAsync(CancellationToken cancellationToken) => throw new InvalidOperationException(Fault);

    public Task<ReadOnlyMemory<byte>?> ReadAsync(StateRecord record, CancellationToken cancellationToken) => throw new InvalidOperationException(Fault);

    public Task WriteAsync(StateRecord record, CancellationToken cancellationToken) => throw new InvalidOperationException(Fault);

    public Task ForgetAsync(IReadOnlySet<string> written, CancellationToken cancellationToken) => throw new InvalidOperationException(Fault);
}
