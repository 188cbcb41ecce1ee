using ControlPlane.Core.Forecasting.Models;

namespace ControlPlane.Grains.Work;

/// <summary>
/// Carries out long computations outside grains' turns, bounded in time, memory and parallelism. A computation that fails does so as an outcome:
/// nothing that it throws goes further.
/// </summary>
public interface IBackgroundWork
{
    /// <summary>Runs a computation some time later. The task never fails and is never cancelled; it ends soon after the time limit, whatever the computation does.</summary>
    /// <param name="request">What is known of it beforehand.</param>
    /// <param name="work">The computation: a function of what it captured, touching nothing that a grain changes. It asks its budget often.</param>
    /// <param name="cancellation">Ends it early.</param>
    Task<WorkOutcome<T>> Run<T>(WorkRequest request, Func<IWorkBudget, T> work, CancellationToken cancellation)
        where T : class;
}

/// <summary>What is known of a computation beforehand.</summary>
/// <param name="Name">What it is, for messages.</param>
/// <param name="EstimatedBytes">What it will allocate at most, by and large.</param>
public sealed record WorkRequest(string Name, long EstimatedBytes);

/// <summary>How a computation ended.</summary>
public enum WorkStatus
{
    /// <summary>With a result.</summary>
    Completed,

    /// <summary>It threw.</summary>
    Failed,

    /// <summary>It was cancelled.</summary>
    Cancelled,

    /// <summary>Its time was over.</summary>
    TimedOut,

    /// <summary>It allocated more than it may.</summary>
    OutOfMemory,

    /// <summary>It was not begun: too large, or too many wait.</summary>
    Refused,
}

/// <summary>The end of a computation.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Value">The result; null unless it completed.</param>
/// <param name="Error">What went wrong; null when it completed.</param>
public sealed record WorkOutcome<T>(WorkStatus Status, T? Value, string? Error)
    where T : class;
