using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Core.Learning;

namespace ControlPlane.Simulation.Learning;

/// <summary>How an adviser is trained and judged.</summary>
public sealed record AdviserTrainingOptions
{
    /// <summary>Fewest traces from which a verdict on unseen ones follows.</summary>
    public const int FewestTraces = 4;

    /// <summary>Probability that an adviser that is not better on unseen traces is released, a fraction.</summary>
    public const double FalseRelease = 0.025;

    /// <summary>Name, one of <see cref="AdviserKinds"/>, and version.</summary>
    public required ModelId Id { get; init; }

    /// <summary>Courses of random moves over each case, each with a seed of its own. Default 6.</summary>
    public int Courses { get; init; } = 6;

    /// <summary>How action values are learnt; its seed is that of everything that is drawn.</summary>
    public LearningOptions Learning { get; init; } = new();
}

/// <summary>How an adviser that was trained on the other traces did on one that it had never seen.</summary>
/// <param name="Trace">The trace.</param>
/// <param name="CostWithout">Weighted cost of the pipeline without it, pod-steps.</param>
/// <param name="CostWith">Weighted cost of the pipeline with it, where it acts by its own rule, pod-steps.</param>
/// <param name="Without">How the pipeline without it fared.</param>
/// <param name="With">How the pipeline with it fared.</param>
/// <param name="Account">The adviser's account at the end: what it would have saved had it acted from the start.</param>
/// <param name="ActedShare">Share of the steps at which it acted, a fraction.</param>
public sealed record HeldOutRow(string Trace, double CostWithout, double CostWith, Backtest.MethodReport Without, Backtest.MethodReport With, AdviserTrial Account, double ActedShare)
{
    /// <summary>Saved where it acts by its own rule, a fraction of the cost without it.</summary>
    public double SavedShare => 1 - CostWith / CostWithout;
}

/// <summary>An adviser trained on all traces, and the verdict on its kind from traces that were each left out once.</summary>
/// <param name="Artifact">The adviser; released or not.</param>
/// <param name="IsReleased">Whether advisers of the kind were better on unseen traces.</param>
/// <param name="PValue">Probability of savings at least as consistent over the traces if there were none.</param>
/// <param name="Rows">One row a case.</param>
public sealed record AdviserTrainingResult(ModelArtifact Artifact, bool IsReleased, double PValue, IReadOnlyList<HeldOutRow> Rows);
