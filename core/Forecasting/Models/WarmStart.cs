using System.Collections.Immutable;
using ControlPlane.Core.Metrics;

namespace ControlPlane.Core.Forecasting.Models;

/// <summary>Lets a new model learn a service's history before it speaks.</summary>
public static class WarmStart
{
    /// <summary>How far back a model learns: 7 days.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromDays(7);

    /// <summary>Bytes that a warm start allocates at most, by and large.</summary>
    public const long EstimatedBytes = 16 << 20;

    private const int StepsBetweenChecks = 64;

    /// <summary>Whether a history is long enough to make a model ready.</summary>
    public static bool IsWorthwhile(ImmutableArray<HistoryPart> history) =>
        !history.IsEmpty && history[^1].FirstTime + (history[^1].Values.Length - 1) * history[^1].Resolution - history[0].FirstTime > DemandForecaster.WarmUpTime;

    /// <summary>Feeds a history to a model.</summary>
    /// <param name="model">The model; it has seen nothing.</param>
    /// <param name="history">Parts of a window.</param>
    /// <param name="budget">What may be used.</param>
    /// <exception cref="OperationCanceledException">The budget's token was cancelled.</exception>
    public static ServedModel Fit(ServedModel model, ImmutableArray<HistoryPart> history, IWorkBudget budget)
    {
        var (first, values) = DemandHistory.At(history, model.StepTime);
        for (var i = 0; i < values.Length; i += StepsBetweenChecks)
        {
            budget.Check();
            model.Fit(first + i * model.StepTime, values.AsSpan(i, Math.Min(StepsBetweenChecks, values.Length - i)));
        }
        return model;
    }
}
