using ControlPlane.Core.Forecasting.Models;

namespace ControlPlane.Grains.Work;

/// <summary>
/// Runs each computation in one piece on its clock's timer, some seconds later, the moment chosen by seed: what virtual time needs. No time passes
/// while it runs there, so that only its estimated size is bounded.
/// </summary>
public sealed class DeferredWork(WorkOptions options, TimeProvider time) : IBackgroundWork
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);
    private int _waiting;
    private long _count;

    /// <inheritdoc/>
    public Task<WorkOutcome<T>> Run<T>(WorkRequest request, Func<IWorkBudget, T> work, CancellationToken cancellation)
        where T : class
    {
        if (request.EstimatedBytes > options.MemoryLimitBytes) return Task.FromResult(WorkRunner.Ended<T>(WorkStatus.Refused, request, $"would need {request.EstimatedBytes} bytes of {options.MemoryLimitBytes}"));
        if (_waiting >= options.QueueLength) return Task.FromResult(WorkRunner.Ended<T>(WorkStatus.Refused, request, $"was not begun: {_waiting} wait"));
        var number = Interlocked.Increment(ref _count);
        Interlocked.Increment(ref _waiting);
        // Continuations run where the timer fires: in virtual time that is between turns, and each goes on in its own grain's turn.
        var done = new TaskCompletionSource<WorkOutcome<T>>();
        ITimer? timer = null;
        timer = time.CreateTimer(Fire, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(Core.StableHash.Jitter($"{request.Name}#{number}#{options.Seed}", LongestDelay), Timeout.InfiniteTimeSpan);
        return done.Task;

        void Fire(object? state)
        {
            timer!.Dispose();
            Interlocked.Decrement(ref _waiting);
            done.TrySetResult(WorkRunner.Execute(request, work, new Budget(cancellation), cancellation));
        }
    }

    private sealed class Budget(CancellationToken cancellation) : IWorkBudget
    {
        public CancellationToken Cancellation => cancellation;

        public void Check() => cancellation.ThrowIfCancellationRequested();
    }
}
