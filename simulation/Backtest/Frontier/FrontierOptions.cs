using ControlPlane.Core.Scaling;

namespace ControlPlane.Simulation.Backtest.Frontier;

/// <summary>What a frontier sweeps.</summary>
public sealed record FrontierOptions
{
    /// <summary>Most prices of a violation.</summary>
    public const int MostPrices = 40;

    /// <summary>Pods' start-up times. Default 30, 120 and 300 s.</summary>
    public IReadOnlyList<TimeSpan> Startups { get; init; } = [TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(120), TimeSpan.FromSeconds(300)];

    /// <summary>Targets of the HPAs, shares of a pod's capacity, ascending. Default 0.40 to 0.95.</summary>
    public IReadOnlyList<double> Targets { get; init; } = [.. Enumerable.Range(8, 12).Select(i => i / 20.0)];

    /// <summary>
    /// Targets of the HPAs on CPU that the ledgers of ours hold, ascending: close enough together that one of them costs what a setting's plan costs. Default 0.40 to 0.95 in hundredths.
    /// </summary>
    public IReadOnlyList<double> LedgerTargets { get; init; } = [.. Enumerable.Range(40, 56).Select(i => i / 100.0)];

    /// <summary>Stabilization windows of the tuned HPAs.</summary>
    public IReadOnlyList<TimeSpan> Windows { get; init; } = [.. ((double[])[0, 30, 60, 120, 180, 300, 450, 600, 900, 1800]).Select(TimeSpan.FromSeconds)];

    /// <summary>Tolerances of the tuned HPAs.</summary>
    public IReadOnlyList<double> Tolerances { get; init; } = [0, 0.02, 0.05, 0.1, 0.15, 0.2];

    /// <summary>Price of a change of the replicas, pod-steps; the same for all settings of ours. Default 10.</summary>
    public double ChangeCost { get; init; } = TrendGate.UsualCost;

    /// <summary>Prices of a violation that a sweep begins with, pod-steps, at least two; our one knob. Default 12 from 2 to 60,000.</summary>
    public IReadOnlyList<double> Prices { get; init; } = [.. Enumerable.Range(0, 12).Select(i => Math.Round(2 * Math.Pow(30_000, i / 11.0), 2))];

    /// <summary>Prices that are tried in all, at most <see cref="MostPrices"/>: the others lie between, where most is left to be found. Default <see cref="MostPrices"/>.</summary>
    public int PriceCount { get; init; } = MostPrices;
}
