using ControlPlane.Core.Forecasting.Models;

namespace ControlPlane.Core.Tests.Forecasting.Models;

/// <summary>A budget that is over after so many questions.</summary>
internal sealed class Budget : IWorkBudget
{
    public int Left { get; set; } = int.MaxValue;

    public CancellationToken Cancellation => default;

    public void Check()
    {
        if (Left-- == 0) throw new OperationCanceledException();
    }
}
