using System.Collections.Immutable;

namespace ControlPlane.Core.Forecasting.Scoring;

/// <summary>
/// Scores forecasts of a recorded demand by rolling origin: every known step from the third hour on is an origin, and every model is scored on the
/// same pairs of origin and horizon whose outcome is known. A forecast uses nothing after its origin.
/// </summary>
public static class TraceScore
{
    /// <summary>Row of the last value with quantiles of its scaled errors.</summary>
    public const string LastValue = "last-value";

    /// <summary>Row of the value one day earlier with quantiles of its scaled errors.</summary>
    public const string SeasonalNaive = "seasonal-naive";

    /// <summary>Row of the strong Holt-Winters: 24 parameter sets, chosen online for each horizon.</summary>
    public const string HoltWintersStar = "holt-winters-star";

    /// <summary>Row of the same without its networks.</summary>
    public const string Uncorrected = "uncorrected";

    /// <summary>Row of <see cref="DemandForecaster"/>.</summary>
    public const string Ensemble = "ensemble";

    private const int ReportEvery = 256;
    private static readonly TimeSpan FirstDay = TimeSpan.FromDays(1);

    /// <summary>Names of all rows: the three baselines, the single members, the ensemble without networks and with them.</summary>
    public static ImmutableArray<string> ModelNames => TraceModels.Names;

    /// <summary>Runs the models over the whole trace.</summary>
    /// <param name="values">One value a step, oldest first; null where unknown.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told the share that is done, 0 to 1; null: nobody.</param>
    /// <param name="clock">Measures the seconds; null: the system's.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <exception cref="ArgumentException">The step, the horizon, a level or a model's name is not as it must be.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static TraceScoreTable Run(
        IReadOnlyList<double?> values, TraceScoreOptions options, IProgress<double>? progress = null, TimeProvider? clock = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.Step, TimeSpan.Zero);
        var grid = TraceGrid.Of(options.Step, (int)Math.Min(int.MaxValue / 2, options.Horizon / options.Step), options.Levels);
        return Run(values, options, grid, TraceModels.Create(grid, options), progress, clock, cancellation);
    }

    internal static TraceScoreTable Run(
        IReadOnlyList<double?> values,
        TraceScoreOptions options,
        TraceGrid grid,
        IReadOnlyList<TraceModel> models,
        IProgress<double>? progress,
        TimeProvider? clock,
        CancellationToken cancellation)
    {
        clock ??= TimeProvider.System;
        var run = new TraceRun(grid, models, clock, FirstOrigin(options), (int)(FirstDay / options.Step));
        for (var step = 0; step < values.Count; step++)
        {
            if (step % ReportEvery == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                progress?.Report((double)step / values.Count);
            }

            run.Advance(step, values[step]);
        }

        progress?.Report(1);
        return run.ToTable();
    }

    private static int FirstOrigin(TraceScoreOptions options)
    {
        if (options.TrainDays is < 0) throw new ArgumentException($"The days to learn from are {options.TrainDays}: they must be 0 or more.");
        var learning = options.TrainDays is { } days ? TimeSpan.FromDays(days) : DemandForecaster.WarmUpTime;
        return Math.Max(1, (int)Math.Ceiling(learning / options.Step)) - 1;
    }
}
