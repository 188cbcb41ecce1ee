namespace Orleans.Core;

/// <summary>A stored record of a grain.</summary>
public interface IStorage
{
    /// <summary>The version that was read or written last; null if there is no record.</summary>
    string? Etag { get; }

    /// <summary>Whether there is a record in storage.</summary>
    bool RecordExists { get; }

    /// <summary>Removes the record.</summary>
    /// <returns>A task that ends when storage has acknowledged it.</returns>
    Task ClearStateAsync();

    /// <summary>Writes the record.</summary>
    /// <returns>A task that ends when storage has acknowledged it.</returns>
    Task WriteStateAsync();

    /// <summary>Reads the record anew and drops what was not written.</summary>
    /// <returns>A task that ends when the state is there.</returns>
    Task ReadStateAsync();

    /// <summary>Removes the record.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when storage has acknowledged it.</returns>
    Task ClearStateAsync(CancellationToken cancellationToken) => ClearStateAsync();

    /// <summary>Writes the record.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when storage has acknowledged it.</returns>
    Task WriteStateAsync(CancellationToken cancellationToken) => WriteStateAsync();

    /// <summary>Reads the record anew.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when the state is there.</returns>
    Task ReadStateAsync(CancellationToken cancellationToken) => ReadStateAsync();
}

/// <summary>A stored record of a grain with its state.</summary>
/// <typeparam name="TState">The type of the state.</typeparam>
public interface IStorage<TState> : IStorage
{
    /// <summary>The state; never null after activation unless a grain sets it so.</summary>
    TState State { get; set; }
}
