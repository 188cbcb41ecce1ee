namespace ControlPlane.Embedded.Virtual;

/// <summary>What can go wrong on purpose.</summary>
public enum FaultKind
{
    /// <summary>An activation ends in the middle of what it does; nothing of it runs again.</summary>
    KillActivation,

    /// <summary>An activation goes on beside its successor, as after a network partition.</summary>
    AbandonActivation,

    /// <summary>A call is carried out but its answer is lost: the caller runs into its time-out.</summary>
    LoseAnswer,

    /// <summary>A call's answer arrives late.</summary>
    DelayAnswer,

    /// <summary>A storage operation fails and has no effect.</summary>
    FailStorageBefore,

    /// <summary>A storage operation takes effect but is reported as failed.</summary>
    FailStorageAfter,

    /// <summary>A storage operation takes long.</summary>
    DelayStorage,

    /// <summary>An event does not arrive at one of its consumers.</summary>
    LoseEvent,

    /// <summary>An event arrives twice at one of its consumers.</summary>
    DuplicateEvent,

    /// <summary>An event arrives late at one of its consumers, after others that were put on the stream later.</summary>
    DelayEvent,
}
