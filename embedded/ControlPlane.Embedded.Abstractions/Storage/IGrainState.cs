namespace Orleans;

/// <summary>A record between a grain and its storage.</summary>
/// <typeparam name="T">The type of the state.</typeparam>
public interface IGrainState<T>
{
    /// <summary>The state.</summary>
    T? State { get; set; }

    /// <summary>The version in storage; null if there is no record.</summary>
    string? ETag { get; set; }

    /// <summary>Whether there is a record in storage.</summary>
    bool RecordExists { get; set; }
}

/// <summary>A record between a grain and its storage.</summary>
/// <typeparam name="T">The type of the state.</typeparam>
[GenerateSerializer]
public sealed class GrainState<T> : IGrainState<T>
{
    /// <summary>Makes an empty record.</summary>
    public GrainState()
    {
    }

    /// <summary>Makes a record.</summary>
    /// <param name="state">The state.</param>
    public GrainState(T? state) => State = state;

    /// <summary>Makes a record.</summary>
    /// <param name="state">The state.</param>
    /// <param name="eTag">Its version in storage.</param>
    public GrainState(T? state, string? eTag)
    {
        State = state;
        ETag = eTag;
    }

    /// <inheritdoc/>
    [Id(0)]
    public T? State { get; set; }

    /// <inheritdoc/>
    [Id(1)]
    public string? ETag { get; set; }

    /// <inheritdoc/>
    [Id(2)]
    public bool RecordExists { get; set; }
}
