using ControlPlane.Simulation.Traces;

namespace ControlPlane.Simulation.Backtest;

/// <summary>One demand under one policy: every method runs over it.</summary>
public sealed record BacktestCase
{
    /// <summary>The demand's name.</summary>
    public required string Trace { get; init; }

    /// <summary>The policy's name; empty when there is only one.</summary>
    public string PolicyName { get; init; } = "";

    /// <summary>Time of the first tick's start, UTC, on the step grid.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>The demand.</summary>
    public required LoadSeries Load { get; init; }

    /// <summary>Policy, service, seed and baselines.</summary>
    public required BacktestOptions Options { get; init; }
}

/// <summary>What a case gave.</summary>
/// <param name="Case">The case.</param>
/// <param name="Report">How each method fared.</param>
/// <param name="Series">What happened in each method's run, in the order of the report, over each of <see cref="PlotWindows"/>; empty unless asked for.</param>
public sealed record BacktestResult(BacktestCase Case, BacktestReport Report, IReadOnlyList<IReadOnlyList<RunSeries>> Series);
