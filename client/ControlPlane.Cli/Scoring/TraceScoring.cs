using System.Globalization;
using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Forecasting.Network;
using ControlPlane.Core.Forecasting.Scoring;

namespace ControlPlane.Cli.Scoring;

/// <summary>Scores the online models on recorded demands by rolling origin.</summary>
internal static class TraceScoring
{
    private const int PlottedOrigins = 6;
    private static readonly float[] PlottedLevels = [0.025f, 0.25f, 0.5f, 0.75f, 0.975f];

    /// <summary>Scores every trace, several at a time.</summary>
    /// <param name="traces">The traces.</param>
    /// <param name="options">How; step and start are the traces' own.</param>
    /// <param name="networks">The ensemble's networks, by trace; null: those of the program.</param>
    /// <param name="progress">Told the share that is done; null: nobody.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static TraceScores[] Run(
        TraceSource[] traces, TraceScoreOptions options, IReadOnlyList<CorrectionWeights>? networks, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var scores = new TraceScores[traces.Length];
        var shares = new double[traces.Length];
        Parallel.For(0, traces.Length, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            var own = new DirectProgress(value =>
            {
                lock (shares)
                {
                    shares[i] = value;
                    progress?.Report(shares.Average());
                }
            });
            var table = TraceScore.Run(traces[i].Values, options with { Step = traces[i].Step, Start = traces[i].Start, Networks = networks?[i] }, own, TimeProvider.System, cancellationToken);
            scores[i] = new TraceScores(traces[i].Name, table);
        });
        return Array.Find(scores, s => s.Table.Problem is not null) is { } failed ? throw new CommandException($"{failed.Trace}: {failed.Table.Problem}") : scores;
    }

    /// <summary>The ensemble's forecasts from evenly spaced origins of one trace.</summary>
    public static IReadOnlyList<FanPanel> Fans(TraceSource trace, TimeSpan horizon)
    {
        var forecaster = new DemandForecaster(trace.Step);
        var steps = (int)(horizon / trace.Step);
        var panels = new List<FanPanel>();
        for (var i = 0; i < trace.Values.Length; i++)
        {
            forecaster.Update(trace.Start + i * trace.Step, trace.Values[i]);
            if ((i + 1) % (trace.Values.Length / (PlottedOrigins + 1)) != 0 || panels.Count == PlottedOrigins) continue;
            var said = new float[steps * PlottedLevels.Length];
            if (forecaster.Forecast(steps, PlottedLevels, said) == ForecastStatus.Ready) panels.Add(Fan(trace, i, steps, said));
        }

        return panels.Count > 0 ? panels : throw new CommandException($"{trace.Name}: there is no forecast to plot: the trace is too short");
    }

    private static FanPanel Fan(TraceSource trace, int origin, int steps, float[] said)
    {
        double[] Level(int q) => [.. Enumerable.Range(0, steps).Select(h => (double)said[h * PlottedLevels.Length + q])];
        double Value(int i) => (i < trace.Values.Length ? trace.Values[i] : null) ?? double.NaN;
        var title = (trace.Start + origin * trace.Step).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        double[] history = [.. Enumerable.Range(Math.Max(0, origin + 1 - 4 * steps), Math.Min(origin + 1, 4 * steps)).Select(Value)];
        return new FanPanel(title, history, [.. Enumerable.Range(origin + 1, steps).Select(Value)], Level(2), [(Level(0), Level(4)), (Level(1), Level(3))]);
    }
}

/// <summary>One trace's scores.</summary>
/// <param name="Trace">Its name.</param>
/// <param name="Table">What was measured.</param>
internal sealed record TraceScores(string Trace, TraceScoreTable Table)
{
    public IReadOnlyList<ModelScore> Models =>
    [
        .. Table.Rows.Select(row => new ModelScore
        {
            Name = row.Name,
            Pinball = row.Pinball,
            Ratio = Table.RatioToBetterBaseline(row.Name),
            FirstDayPinball = row.FirstDayPinball,
            Wape = row.Wape,
            Coverage95 = 100 * row.Coverage95,
            Coverage = Table.Levels.Select((level, q) => (level, q)).ToDictionary(l => l.level.ToString(CultureInfo.InvariantCulture), l => 100 * row.Coverage[l.q]),
            Seconds = row.Seconds,
        }),
    ];

    /// <summary>Means over traces; the pinball loss, whose unit is each trace's own, only for a single one.</summary>
    public static IReadOnlyList<ModelScore> Mean(IReadOnlyList<TraceScores> traces)
    {
        if (traces.Count == 1) return traces[0].Models;
        var all = traces.Select(t => t.Models).ToArray();
        return [.. all[0].Select((first, m) => Mean(first, [.. all.Select(t => t[m])]))];
    }

    private static ModelScore Mean(ModelScore first, ModelScore[] scores) => new()
    {
        Name = first.Name,
        Ratio = scores.Average(s => s.Ratio),
        Wape = scores.Average(s => s.Wape),
        Coverage95 = scores.Average(s => s.Coverage95),
        Coverage = first.Coverage!.Keys.ToDictionary(level => level, level => scores.Average(s => s.Coverage![level])),
        Seconds = scores.Sum(s => s.Seconds),
    };
}
