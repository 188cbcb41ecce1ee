using ControlPlane.Core.Forecasting.Models;

namespace ControlPlane.Grains.Work;

/// <summary>Runs one computation here and now and turns its end into an outcome.</summary>
public static class WorkRunner
{
    /// <summary>Runs it on this thread.</summary>
    /// <param name="request">The computation's name and size.</param>
    /// <param name="work">The computation.</param>
    /// <param name="budget">What it may use.</param>
    /// <param name="cancellation">The caller's token, to tell cancelling from the time limit.</param>
    public static WorkOutcome<T> Execute<T>(WorkRequest request, Func<IWorkBudget, T> work, IWorkBudget budget, CancellationToken cancellation)
        where T : class
    {
        try
        {
            budget.Check();
            return new WorkOutcome<T>(WorkStatus.Completed, work(budget), null);
        }
        catch (OperationCanceledException) when (budget.Cancellation.IsCancellationRequested)
        {
            return cancellation.IsCancellationRequested ? Ended<T>(WorkStatus.Cancelled, request, "was cancelled") : Ended<T>(WorkStatus.TimedOut, request, "took too long");
        }
        catch (InsufficientMemoryException e)
        {
            return Ended<T>(WorkStatus.OutOfMemory, request, $"allocated too much: {e.Message}");
        }
        catch (Exception e)
        {
            return Ended<T>(WorkStatus.Failed, request, $"failed: {e.GetType().Name}: {e.Message}");
        }
    }

    /// <summary>An outcome without a result.</summary>
    public static WorkOutcome<T> Ended<T>(WorkStatus status, WorkRequest request, string what)
        where T : class => new(status, null, $"{request.Name} {what}");
}
