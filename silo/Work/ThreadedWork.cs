using System.Collections.Concurrent;
using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Grains.Work;

namespace ControlPlane.Silo.Work;

/// <summary>
/// Carries computations out on a few threads of its own, below normal priority, so that neither turns nor the thread pool wait for them. A computation
/// that does not heed its budget keeps its thread; whoever waits for it is told at the time limit all the same.
/// </summary>
internal sealed class ThreadedWork : IBackgroundWork, IDisposable
{
    private readonly WorkOptions _options;
    private readonly TimeProvider _time;
    private readonly BlockingCollection<Action> _queue;
    private readonly CancellationTokenSource _stopping = new();

    /// <param name="options">Bounds.</param>
    /// <param name="time">Measures the time limit.</param>
    public ThreadedWork(WorkOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _queue = new BlockingCollection<Action>(options.QueueLength);
        for (var i = 0; i < options.Parallelism; i++)
            new Thread(Loop) { IsBackground = true, Name = $"background work {i}", Priority = ThreadPriority.BelowNormal }.Start();
    }

    public Task<WorkOutcome<T>> Run<T>(WorkRequest request, Func<IWorkBudget, T> work, CancellationToken cancellation)
        where T : class
    {
        if (request.EstimatedBytes > _options.MemoryLimitBytes)
            return Task.FromResult(WorkRunner.Ended<T>(WorkStatus.Refused, request, $"would need {request.EstimatedBytes} bytes of {_options.MemoryLimitBytes}"));
        var done = new TaskCompletionSource<WorkOutcome<T>>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_stopping.IsCancellationRequested || !_queue.TryAdd(() => Execute(request, work, done, cancellation)))
            return Task.FromResult(WorkRunner.Ended<T>(WorkStatus.Refused, request, $"was not begun: {_queue.Count} wait"));
        return done.Task;
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _queue.CompleteAdding();
    }

    private void Loop()
    {
        foreach (var work in _queue.GetConsumingEnumerable()) work();
    }

    private void Execute<T>(WorkRequest request, Func<IWorkBudget, T> work, TaskCompletionSource<WorkOutcome<T>> done, CancellationToken cancellation)
        where T : class
    {
        using var wish = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stopping.Token);
        using var limit = new CancellationTokenSource(_options.TimeLimit, _time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(wish.Token, limit.Token);
        var (status, what) = (WorkStatus.TimedOut, "took too long");
        using var told = end.Token.Register(() =>
        {
            if (wish.IsCancellationRequested) (status, what) = (WorkStatus.Cancelled, "was cancelled");
            done.TrySetResult(WorkRunner.Ended<T>(status, request, what));
        });
        done.TrySetResult(WorkRunner.Execute(request, work, new Budget(_options.MemoryLimitBytes, end.Token), wish.Token));
    }

    /// <summary>Counts what its thread allocates from the moment that it is made.</summary>
    private sealed class Budget(long limit, CancellationToken cancellation) : IWorkBudget
    {
        private readonly long _before = GC.GetAllocatedBytesForCurrentThread();

        public CancellationToken Cancellation => cancellation;

        public void Check()
        {
            cancellation.ThrowIfCancellationRequested();
            var allocated = GC.GetAllocatedBytesForCurrentThread() - _before;
            if (allocated > limit) throw new InsufficientMemoryException($"{allocated} bytes of {limit}");
        }
    }
}
