namespace ControlPlane.Embedded.Runtime;

/// <summary>Real time: turns run on the thread pool.</summary>
internal sealed class ThreadPoolScheduler : IEngineScheduler
{
    /// <summary>Turns before a queue lets others have the thread.</summary>
    private const int TurnsAtOnce = 64;

    public int DefaultWorkers => Environment.ProcessorCount;

    public void Schedule(TurnQueue queue) => ThreadPool.UnsafeQueueUserWorkItem(queue, preferLocal: true);

    public void Deliver(Request request, Activation activation)
    {
        if (!activation.TryReceive(request))
        {
            activation.Engine.Resend(request, activation.Class);
        }
    }

    // The caller's continuation belongs to another queue or to the thread pool, so nothing of it runs inside this turn.
    public void Answer(Request request, Task outcome) => request.Answer(outcome);

    public void CheckThread()
    {
    }

    internal static void Run(TurnQueue queue)
    {
        if (queue.RunTurns(TurnsAtOnce))
        {
            ThreadPool.UnsafeQueueUserWorkItem(queue, preferLocal: false);
        }
    }
}
