using System.ComponentModel;

namespace ControlPlane.Embedded.Runtime;

/// <summary>A message to an activation: a call, a stream delivery or a timer tick. Only for generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class Request
{
    private int _closed;

    private protected Request(string method, RequestTraits traits)
    {
        Method = method;
        Traits = traits;
    }

    internal string Method { get; }

    internal RequestTraits Traits { get; }

    /// <summary>The activation that waits for the answer; null for callers outside grains.</summary>
    internal Activation? Sender { get; set; }

    internal GrainId Target { get; set; }

    /// <summary>What the grain's method returned.</summary>
    internal Task? Outcome { get; set; }

    /// <summary>The next request in the mailbox.</summary>
    internal Request? Next { get; set; }

    /// <summary>Place in the list of calls that wait for an answer.</summary>
    internal PendingCalls.Link Pending;

    internal bool Interleaves => (Traits & RequestTraits.AlwaysInterleave) != 0;

    internal bool IsReadOnly => (Traits & RequestTraits.ReadOnly) != 0;

    internal bool KeepsAlive => (Traits & RequestTraits.Incidental) == 0;

    internal bool IsClosed => Volatile.Read(ref _closed) != 0;

    /// <summary>Starts the grain's method.</summary>
    /// <param name="grain">The grain object.</param>
    /// <returns>What the method returned.</returns>
    protected abstract Task Invoke(object grain);

    internal virtual Task Run(Activation activation) => Invoke(activation.GrainInstance!);

    /// <summary>Whoever closes the request may answer it: the method's end or the time-out, whichever comes first.</summary>
    internal bool TryClose() => Interlocked.Exchange(ref _closed, 1) == 0;

    /// <summary>Hands the outcome to the caller.</summary>
    internal abstract void Answer(Task outcome);

    /// <summary>The activation is done with the request.</summary>
    internal virtual void Finished()
    {
    }
}

/// <summary>How a request may run beside others.</summary>
[Flags]
[EditorBrowsable(EditorBrowsableState.Never)]
public enum RequestTraits
{
    /// <summary>Alone.</summary>
    None = 0,

    /// <summary>Between the turns of any other.</summary>
    AlwaysInterleave = 1,

    /// <summary>Between the turns of other read-only requests.</summary>
    ReadOnly = 2,

    /// <summary>Does not keep its activation from idle collection.</summary>
    Incidental = 4,
}
