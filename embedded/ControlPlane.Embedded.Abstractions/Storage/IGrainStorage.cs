using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>Keeps the state of grains.</summary>
public interface IGrainStorage
{
    /// <summary>Reads a record.</summary>
    /// <typeparam name="T">The type of the state.</typeparam>
    /// <param name="stateName">The state's name within the grain.</param>
    /// <param name="grainId">The grain.</param>
    /// <param name="grainState">Receives the record.</param>
    /// <returns>A task that ends when the record is there.</returns>
    Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    /// <summary>Writes a record over the version that its etag names.</summary>
    /// <typeparam name="T">The type of the state.</typeparam>
    /// <param name="stateName">The state's name within the grain.</param>
    /// <param name="grainId">The grain.</param>
    /// <param name="grainState">The record; receives the new etag.</param>
    /// <returns>A task that ends when the write is durable.</returns>
    /// <exception cref="InconsistentStateException">Storage holds another version.</exception>
    Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    /// <summary>Removes the record of the version that its etag names.</summary>
    /// <typeparam name="T">The type of the state.</typeparam>
    /// <param name="stateName">The state's name within the grain.</param>
    /// <param name="grainId">The grain.</param>
    /// <param name="grainState">The record.</param>
    /// <returns>A task that ends when the removal is durable.</returns>
    /// <exception cref="InconsistentStateException">Storage holds another version.</exception>
    Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);
}

/// <summary>Turns state into bytes and back.</summary>
public interface IGrainStorageSerializer
{
    /// <summary>Turns state into bytes.</summary>
    /// <typeparam name="T">The type of the state.</typeparam>
    /// <param name="input">The state.</param>
    /// <returns>The bytes.</returns>
    BinaryData Serialize<T>(T? input);

    /// <summary>Turns bytes into state.</summary>
    /// <typeparam name="T">The type of the state.</typeparam>
    /// <param name="input">The bytes.</param>
    /// <returns>The state.</returns>
    T? Deserialize<T>(BinaryData input);
}
