namespace ControlPlane.Embedded.Runtime;

/// <summary>Decides when and on what thread things happen: the thread pool in real time, one thread and a seed in virtual time.</summary>
internal interface IEngineScheduler
{
    /// <summary>How many workers a key of a stateless worker may have if its class does not say.</summary>
    int DefaultWorkers { get; }

    /// <summary>Runs the queue's turns soon.</summary>
    void Schedule(TurnQueue queue);

    /// <summary>Brings a request to its activation, now or later.</summary>
    void Deliver(Request request, Activation activation);

    /// <summary>Hands a closed request's outcome to its caller, outside any turn wherever that matters.</summary>
    void Answer(Request request, Task outcome);

    /// <summary>Throws if work may not arrive from this thread.</summary>
    void CheckThread();
}
