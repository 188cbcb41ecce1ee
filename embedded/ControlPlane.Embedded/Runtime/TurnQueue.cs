namespace ControlPlane.Embedded.Runtime;

/// <summary>
/// Runs work one turn at a time, in order, on whatever thread its scheduler lends it. Awaits inside a turn come back as further turns.
/// </summary>
internal abstract class TurnQueue(IEngineScheduler scheduler) : TaskScheduler, IThreadPoolWorkItem
{
    private static readonly Action<object?> RunStep = static queue => ((TurnQueue)queue!).Step();

    [ThreadStatic]
    private static TurnQueue? _running;

    private readonly Lock _gate = new();
    private Task? _first;
    private Queue<Task>? _more;
    private bool _scheduled;

    /// <summary>The queue whose turn runs on this thread.</summary>
    internal static TurnQueue? Running => _running;

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>A number that is the same for the same queue in every run of one seed.</summary>
    internal abstract ulong TraceId { get; }

    protected Lock Gate => _gate;

    protected IEngineScheduler Scheduler { get; } = scheduler;

    /// <summary>Whether queued work is dropped instead of run.</summary>
    protected virtual bool IsDropped => false;

    /// <summary>Whether there is something to run apart from continuations. Called under the gate.</summary>
    protected virtual bool TryTakeStep() => false;

    /// <summary>Runs what <see cref="TryTakeStep"/> took.</summary>
    protected virtual void Step()
    {
    }

    // The queue itself stands in the pool's queue, so that waking it makes no garbage.
    void IThreadPoolWorkItem.Execute() => ThreadPoolScheduler.Run(this);

    /// <summary>Runs turns until there is nothing to run or <paramref name="limit"/> is reached.</summary>
    /// <returns>Whether there may be more to run; the caller then runs the queue again.</returns>
    internal bool RunTurns(int limit)
    {
        _running = this;
        try
        {
            for (var turn = 0; turn < limit; turn++)
            {
                Task? task;
                lock (_gate)
                {
                    task = TakeTask();
                    if (task is null && (IsDropped || !TryTakeStep()))
                    {
                        _scheduled = false;
                        return false;
                    }
                }

                if (task is not null)
                {
                    TryExecuteTask(task);
                }
                else
                {
                    new Task(RunStep, this).RunSynchronously(this);
                }
            }

            return true;
        }
        finally
        {
            _running = null;
        }
    }

    /// <summary>Makes sure that the queue runs. Called under the gate; if true, the caller schedules the queue after leaving it.</summary>
    protected bool Wake()
    {
        if (_scheduled)
        {
            return false;
        }

        _scheduled = true;
        return true;
    }

    protected void DropTasks()
    {
        _first = null;
        _more = null;
    }

    protected override void QueueTask(Task task)
    {
        Scheduler.CheckThread();
        bool wake;
        lock (_gate)
        {
            if (IsDropped)
            {
                return;
            }

            if (_first is null)
            {
                _first = task;
            }
            else
            {
                (_more ??= new Queue<Task>(2)).Enqueue(task);
            }

            wake = Wake();
        }

        if (wake)
        {
            Scheduler.Schedule(this);
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued)
        => _running == this && !taskWasPreviouslyQueued && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [];

    private Task? TakeTask()
    {
        if (_first is not { } task)
        {
            return null;
        }

        _first = _more is { Count: > 0 } more ? more.Dequeue() : null;
        return task;
    }
}
