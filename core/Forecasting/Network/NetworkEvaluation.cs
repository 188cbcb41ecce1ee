using ControlPlane.Core.Forecasting.Ensemble;
using ControlPlane.Core.Forecasting.Members;
using ControlPlane.Core.Forecasting.Scoring;
using ControlPlane.Core.Metrics;

namespace ControlPlane.Core.Forecasting.Network;

/// <summary>Measures what the network adds to the online ensemble on loads that it has not seen.</summary>
public static class NetworkEvaluation
{
    private const int FirstDays = 4;
    private static readonly float[] Levels = [0.025f, 0.1f, 0.25f, 0.5f, 0.75f, 0.9f, 0.95f, 0.975f];
    private static readonly TimeSpan[] Horizons = [TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(60)];
    private static readonly TimeSpan OriginInterval = TimeSpan.FromMinutes(5);

    /// <summary>Leaves out one group of traces after another: trains on the others and scores on those left out.</summary>
    /// <param name="traces">All traces, of at least two groups.</param>
    /// <param name="options">How to train; null: the defaults.</param>
    /// <param name="progress">Told each result; null: nobody.</param>
    /// <param name="token">Ends it.</param>
    public static IReadOnlyList<NetworkGain> LeaveOneOut(
        IReadOnlyList<TrainingTrace> traces, NetworkTrainingOptions? options = null, IProgress<NetworkGain>? progress = null, CancellationToken token = default)
    {
        var gains = new List<NetworkGain>();
        foreach (var group in traces.GroupBy(trace => trace.Group))
        {
            var weights = NetworkTraining.Train([.. traces.Where(trace => trace.Group != group.Key)], options, null, token);
            foreach (var trace in group)
            {
                token.ThrowIfCancellationRequested();
                var gain = Score(trace, weights);
                gains.Add(gain);
                progress?.Report(gain);
            }
        }

        return gains;
    }

    /// <summary>Scores one trace at its own step.</summary>
    public static NetworkGain Score(TrainingTrace trace, LoadNetworkWeights weights)
    {
        var (without, with) = (new Tally(), new Tally());
        Run(trace, null, without);
        Run(trace, weights, with);
        var overall = with.Pinball / without.Pinball;
        var day = (int)(TimeSpan.FromDays(1) / trace.Step);
        var starts = Math.Min(FirstDays, trace.Values.Length / day);
        (without, with) = (new Tally(), new Tally());
        for (var i = 0; i < starts; i++)
        {
            var begin = starts == 1 ? 0 : (int)((long)(trace.Values.Length - day) * i / (starts - 1));
            var part = trace with { Start = trace.Start + trace.Step * begin, Values = trace.Values.Slice(begin, day) };
            Run(part, null, without);
            Run(part, weights, with);
        }

        return new NetworkGain(trace.Name, trace.Step, starts == 0 ? double.NaN : with.Pinball / without.Pinball, overall, ScoreAlone(trace, weights));
    }

    /// <summary>The network's own absolute error over the last value's.</summary>
    internal static double ScoreAlone(TrainingTrace trace, LoadNetworkWeights weights)
    {
        var alone = new Tally();
        RunAlone(trace, weights, alone);
        return alone.Pinball / alone.Base;
    }

    private static int[] StepsFor(TimeSpan step) =>
        [.. Horizons.Where(horizon => horizon <= DemandForecaster.LongestHorizonAt(step)).Select(horizon => (int)Math.Max(1, horizon / step)).Distinct()];

    private static void Run(TrainingTrace trace, LoadNetworkWeights? weights, Tally tally)
    {
        var engine = new ForecastEngine(trace.Step, () => MemberSet.Bank(trace.Step, weights?.Network));
        var horizons = StepsFor(trace.Step);
        var every = (int)Math.Max(1, OriginInterval / trace.Step);
        var rows = new float[horizons[^1] * Levels.Length];
        var values = trace.Values.Span;
        for (var i = 0; i < values.Length; i++)
        {
            var known = TrainingTrace.IsKnown(values[i]);
            engine.Update(trace.Start + trace.Step * i, known ? values[i] : null);
            if (!known || i % every != 0) continue;
            if (engine.Forecast(horizons[^1], Levels, rows, DateTimeOffset.MinValue, out _) != ForecastStatus.Ready) continue;
            foreach (var steps in horizons)
            {
                if (i + steps < values.Length) tally.Add(rows.AsSpan((steps - 1) * Levels.Length, Levels.Length), values[i + steps]);
            }
        }
    }

    private static void RunAlone(TrainingTrace trace, LoadNetworkWeights weights, Tally tally)
    {
        var warm = (int)(DemandForecaster.WarmUpTime / trace.Step);
        var values = trace.Values.Span;
        if (values.Length <= warm) return;
        var scale = DemandScale.From(values[..warm]);
        var (season, reader) = (new SeasonalMemory(trace.Step, TimeSpan.FromMinutes(5)), new LoadNetworkReader(weights.Network, trace.Step));
        var horizons = StepsFor(trace.Step);
        var first = StepGrid.IndexOf(trace.Start, trace.Step);
        var every = (int)Math.Max(1, OriginInterval / trace.Step);
        for (var i = 0; i < values.Length; i++)
        {
            if (!TrainingTrace.IsKnown(values[i])) continue;
            season.Add(first + i, scale.ToModel(values[i]));
            reader.Update(first + i, scale.ToModel(values[i]));
            if (i < warm || i % every != 0) continue;
            foreach (var steps in horizons)
            {
                if (i + steps < values.Length) tally.Compare(scale.ToDemand(reader.Predict(season, steps)), values[i], values[i + steps]);
            }
        }
    }

    /// <summary>Sums of losses.</summary>
    private sealed class Tally
    {
        public double Pinball { get; private set; }

        public double Base { get; private set; }

        public void Add(ReadOnlySpan<float> row, double outcome)
        {
            if (!TrainingTrace.IsKnown(outcome)) return;
            for (var q = 0; q < row.Length; q++) Pinball += PinballLoss.Of(Levels[q], outcome, row[q]);
        }

        public void Compare(double forecast, double last, double outcome)
        {
            if (!TrainingTrace.IsKnown(outcome)) return;
            Pinball += Math.Abs(outcome - forecast);
            Base += Math.Abs(outcome - last);
        }
    }
}
