namespace Orleans;

/// <summary>Why an activation ends.</summary>
public readonly struct DeactivationReason
{
    /// <summary>Makes a reason.</summary>
    /// <param name="code">Its kind.</param>
    /// <param name="text">What to tell a person.</param>
    public DeactivationReason(DeactivationReasonCode code, string text) : this(code, null, text)
    {
    }

    /// <summary>Makes a reason that has a cause.</summary>
    /// <param name="code">Its kind.</param>
    /// <param name="exception">The cause.</param>
    /// <param name="text">What to tell a person.</param>
    public DeactivationReason(DeactivationReasonCode code, Exception? exception, string text)
    {
        ReasonCode = code;
        Exception = exception;
        Description = text;
    }

    /// <summary>What to tell a person.</summary>
    public string Description { get; }

    /// <summary>The kind of reason.</summary>
    public DeactivationReasonCode ReasonCode { get; }

    /// <summary>The cause, if it was an exception.</summary>
    public Exception? Exception { get; }

    /// <inheritdoc/>
    public override string ToString() => Exception is null ? $"{ReasonCode}: {Description}" : $"{ReasonCode}: {Description}. Exception: {Exception}";
}

/// <summary>The kinds of reasons to end an activation.</summary>
public enum DeactivationReasonCode : byte
{
    /// <summary>No reason was given.</summary>
    None,

    /// <summary>The process stops.</summary>
    ShuttingDown,

    /// <summary>It never came to life.</summary>
    ActivationFailed,

    /// <summary>It could not be registered.</summary>
    DirectoryFailure,

    /// <summary>Nobody called it for long.</summary>
    ActivationIdle,

    /// <summary>It does not answer.</summary>
    ActivationUnresponsive,

    /// <summary>There is another one of the same identity.</summary>
    DuplicateActivation,

    /// <summary>It cannot serve a request of another version.</summary>
    IncompatibleRequest,

    /// <summary>The grain failed in a way that it cannot go on from.</summary>
    ApplicationError,

    /// <summary>The grain asked for it.</summary>
    ApplicationRequested,

    /// <summary>It moves elsewhere.</summary>
    Migrating,

    /// <summary>The engine asked for it.</summary>
    RuntimeRequested,

    /// <summary>Memory runs short.</summary>
    HighMemoryPressure,
}
