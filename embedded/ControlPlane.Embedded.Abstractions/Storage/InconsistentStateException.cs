using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>Storage holds another version than the one that was to be replaced.</summary>
[GenerateSerializer]
public class InconsistentStateException : OrleansException
{
    /// <summary>Makes one without details.</summary>
    public InconsistentStateException()
    {
    }

    /// <summary>Makes one with a message.</summary>
    /// <param name="message">What does not fit.</param>
    public InconsistentStateException(string message) : base(message)
    {
    }

    /// <summary>Makes one with a cause.</summary>
    /// <param name="message">What does not fit.</param>
    /// <param name="innerException">The cause.</param>
    public InconsistentStateException(string message, Exception? innerException) : base(message, innerException!)
    {
    }

    /// <summary>Makes one with both versions.</summary>
    /// <param name="errorMsg">What does not fit.</param>
    /// <param name="storedEtag">The version in storage.</param>
    /// <param name="currentEtag">The version that the grain holds.</param>
    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag) : this(errorMsg, storedEtag, currentEtag, null)
    {
    }

    /// <summary>Makes one with both versions and a cause.</summary>
    /// <param name="errorMsg">What does not fit.</param>
    /// <param name="storedEtag">The version in storage.</param>
    /// <param name="currentEtag">The version that the grain holds.</param>
    /// <param name="storageException">The cause.</param>
    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag, Exception? storageException)
        : base(errorMsg, storageException!)
    {
        StoredEtag = storedEtag;
        CurrentEtag = currentEtag;
    }

    /// <summary>The version in storage.</summary>
    [Id(1)]
    public string? StoredEtag { get; private set; }

    /// <summary>The version that the grain holds.</summary>
    [Id(2)]
    public string? CurrentEtag { get; private set; }
}
