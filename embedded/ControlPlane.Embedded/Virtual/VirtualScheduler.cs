using ControlPlane.Embedded.Runtime;

namespace ControlPlane.Embedded.Virtual;

/// <summary>
/// One thread that runs everything. What could happen next is chosen by seed; answers and timers complete between turns, so that
/// continuations stay on this thread.
/// </summary>
internal sealed class VirtualScheduler(SplitMix random, VirtualClock clock, VirtualTrace trace, long maxTurns) : IEngineScheduler
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly Queue<(Request Request, Task Outcome)> _answers = new();
    private readonly List<(object Work, Activation? Target)> _ready = [];
    private Exception? _failure;
    private long _turns;

    public int DefaultWorkers => 4;

    internal VirtualFaults? Faults { get; set; }

    internal long Turns => _turns;

    public void Schedule(TurnQueue queue) => _ready.Add((queue, null));

    public void Deliver(Request request, Activation activation) => _ready.Add((request, activation));

    public void Answer(Request request, Task outcome) => _answers.Enqueue((request, outcome));

    public void CheckThread()
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            var escape = new VirtualTimeEscapeException(
                "Work arrived from another thread. Look for Task.Run, a real delay or timer, CancelAsync, Parallel, pipes, real I/O. It came from:\n" + Environment.StackTrace);
            Interlocked.CompareExchange(ref _failure, escape, null);
            throw escape;
        }
    }

    /// <summary>A task that ends at some later step.</summary>
    internal Task Yield()
    {
        CheckThread();
        var step = new TaskCompletionSource();
        _ready.Add((step, null));
        return step.Task;
    }

    /// <summary>Runs until <paramref name="isDone"/>.</summary>
    internal void Run(Func<bool> isDone)
    {
        while (!isDone())
        {
            if (Volatile.Read(ref _failure) is { } failure)
            {
                throw failure;
            }

            if (_answers.TryDequeue(out var answer))
            {
                answer.Request.Answer(answer.Outcome);
            }
            else if (_ready.Count > 0)
            {
                RunOne();
            }
            else if (!clock.FireNext())
            {
                throw Volatile.Read(ref _failure) ?? new VirtualTimeEscapeException(
                    "Nothing is left to run, but the body has not ended: it waits for something outside virtual time or for something that never comes.");
            }
        }

        if (Volatile.Read(ref _failure) is { } late)
        {
            throw late;
        }
    }

    /// <summary>Drops what a crashed engine would still have done.</summary>
    internal void Drop()
    {
        _answers.Clear();
        _ready.RemoveAll(static item => item.Work is not VirtualDriver);
    }

    private void RunOne()
    {
        var index = random.Next(_ready.Count);
        var (work, target) = _ready[index];
        _ready[index] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        switch (work)
        {
            case Request request:
                if (!target!.TryReceive(request))
                {
                    Redeliver(request, target);
                }

                break;
            case TaskCompletionSource step:
                step.TrySetResult();
                break;
            case TurnQueue queue:
                RunTurn(queue);
                break;
        }
    }

    private void RunTurn(TurnQueue queue)
    {
        if (++_turns > maxTurns)
        {
            throw new VirtualTimeEscapeException($"The run has taken more than {maxTurns} turns; it seems not to end.");
        }

        trace.Turn(clock.Elapsed, queue.TraceId);
        if (queue is Activation activation && Faults is { } faults && faults.BeforeTurn(activation))
        {
            return;
        }

        if (queue.RunTurns(1))
        {
            _ready.Add((queue, null));
        }
    }

    // A killed activation takes what was under way to it along; one that ended in good order leaves it to its successor.
    private static void Redeliver(Request request, Activation target)
    {
        if (!target.WasKilled)
        {
            target.Engine.Resend(request, target.Class);
        }
    }
}

/// <summary>The body of a run, or a loop beside it: code outside grains that runs in turns as they do.</summary>
internal sealed class VirtualDriver(IEngineScheduler scheduler, int number) : TurnQueue(scheduler)
{
    internal override ulong TraceId => (1UL << 63) | (uint)number;
}

/// <summary>Something in a virtual run left its thread or its time, so that the run is no longer a function of its seed.</summary>
/// <param name="message">What happened.</param>
public sealed class VirtualTimeEscapeException(string message) : Exception(message);
