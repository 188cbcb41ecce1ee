namespace ControlPlane.Core.Forecasting.Models;

/// <summary>What a long computation may still use. It asks at least once every few milliseconds.</summary>
public interface IWorkBudget
{
    /// <summary>Cancelled when the computation is not wanted any more or its time is over.</summary>
    CancellationToken Cancellation { get; }

    /// <summary>Returns when the computation may go on.</summary>
    /// <exception cref="OperationCanceledException">It is not wanted any more, or its time is over.</exception>
    /// <exception cref="InsufficientMemoryException">It has allocated more than it may.</exception>
    void Check();
}
