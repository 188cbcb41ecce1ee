using ControlPlane.Core.Forecasting.Network;
using ControlPlane.Core.Forecasting.Scoring;

namespace ControlPlane.Core.Tests.Forecasting.Network;

public sealed class NetworkTrainingTests
{
    private static readonly TrainingTrace[] Traces = TrainingTraces.Make(3);

    [Fact]
    public void Train_EqualSeeds_GivesEqualBytes()
    {
        var one = NetworkTraining.Train(Traces, TrainingTraces.Quick()).Save();
        Assert.Equal(one, NetworkTraining.Train(Traces, TrainingTraces.Quick()).Save());
        Assert.NotEqual(one, NetworkTraining.Train(Traces, TrainingTraces.Quick(seed: 2)).Save());
    }

    [Fact]
    public void Train_NoiseAroundACurve_ImprovesOnALoadThatItNeverSaw()
    {
        var weights = NetworkTraining.Train(Traces, TrainingTraces.Quick());
        Assert.InRange(weights.Header.ValidationLoss, 0, 0.99);
        Assert.InRange(Pinball(TrainingTraces.Wave("other", 7, 99), weights), 0, 0.995);
    }

    [Fact]
    public void Train_NoPatience_StopsAtTheFirstEpochThatIsNotBetter()
    {
        // At this rate the loss falls at first and soon rises, so that the best epoch is an early one.
        var told = new List<NetworkEpoch>();
        var options = TrainingTraces.Quick() with { Epochs = 40, Patience = 1, Rate = 0.02f };
        var weights = NetworkTraining.Train(Traces, options, new Listener(told.Add));
        Assert.True(told.Count < 40);
        Assert.Equal(told.Count - 1, weights.Header.Epochs);
        Assert.Equal(told.Min(epoch => epoch.Validation), told[weights.Header.Epochs - 1].Validation);
        Assert.InRange(weights.Header.ValidationLoss, 0, 0.995);
    }

    [Fact]
    public void Train_Cancelled_ThrowsAndLeavesTheWeightsInUse()
    {
        var weights = NetworkTraining.Train(Traces, TrainingTraces.Quick());
        var before = weights.Save();
        using var source = new CancellationTokenSource();
        var epochs = 0;
        Assert.Throws<OperationCanceledException>(() => NetworkTraining.Train(Traces, TrainingTraces.Quick(3), new Listener(_ =>
        {
            epochs++;
            source.Cancel();
        }), source.Token));
        Assert.Equal(1, epochs);
        Assert.Equal(before, weights.Save());
    }

    [Fact]
    public void Train_TooLittle_SaysHowMuchIsNeeded()
    {
        var trace = new TrainingTrace("short", "short", TrainingTraces.Start, TrainingTraces.Step, new double[10]);
        var refused = Assert.Throws<ArgumentException>(() => NetworkTraining.Train([trace], TrainingTraces.Quick()));
        Assert.Contains("0 examples", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => NetworkTraining.Train(Traces, TrainingTraces.Quick() with { Batch = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => NetworkTraining.Train(Traces, TrainingTraces.Quick() with { Dropout = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => NetworkTraining.Train([trace with { Step = TimeSpan.Zero }], TrainingTraces.Quick()));
    }

    [Fact]
    public void Train_ConstantHugeAndBrokenLoads_GivesFiniteWeights()
    {
        double[] broken = [.. Enumerable.Range(0, 1000).Select(i => (i % 7) switch { 0 => double.NaN, 1 => double.PositiveInfinity, 2 => -5, 3 => 1e300, _ => i })];
        TrainingTrace[] traces =
        [
            .. Traces,
            new("constant", "c", TrainingTraces.Start, TrainingTraces.Step, Enumerable.Repeat(5.0, 1000).ToArray()),
            new("huge", "h", TrainingTraces.Start, TrainingTraces.Step, Enumerable.Range(0, 1000).Select(i => 1e11 * (1 + i % 5)).ToArray()),
            new("broken", "b", TrainingTraces.Start, TrainingTraces.Step, broken),
        ];
        var weights = NetworkTraining.Train(traces, TrainingTraces.Quick());
        Assert.True(double.IsFinite(weights.Header.ValidationLoss));
        Assert.Equal(weights.Save(), CorrectionWeights.Load(weights.Save()).Save());
    }

    [Fact]
    public void Aggregate_Trace_KeepsItsLevelAndTimes()
    {
        var trace = Traces[0];
        var coarse = trace.Aggregate(3);
        Assert.Equal(trace.Values.Span[..3].ToArray().Average(), coarse.Values.Span[0], 1e-9);
        Assert.Equal(trace.Start + 2 * trace.Step, coarse.Start);
        var gap = trace with { Values = new double[] { 1, double.NaN, -1, double.NaN } };
        Assert.Equal([1, double.NaN], gap.Aggregate(2).Values.ToArray());
    }

    [Fact]
    public void Folds_OfThree_GiveEachTraceTheWeightsOfTheOthers()
    {
        var weights = NetworkFolds.Train(Traces, 3, TrainingTraces.Quick());
        Assert.Equal(3, weights.Count);
        Assert.Equal(["wave0", "wave2"], weights[1].Header.Traces.AsEnumerable());
        Assert.Equal(NetworkTraining.Train([Traces[0], Traces[2]], TrainingTraces.Quick()).Save(), weights[1].Save());
        Assert.Throws<ArgumentException>(() => NetworkFolds.Train(Traces, 4));
        Assert.Throws<ArgumentException>(() => NetworkFolds.Train(Traces, 1));
    }

    /// <summary>Pinball loss with the networks over that without.</summary>
    private static double Pinball(TrainingTrace trace, CorrectionWeights weights)
    {
        double?[] values = [.. trace.Values.ToArray().Select(v => (double?)v)];
        var options = new TraceScoreOptions { Step = trace.Step, Start = trace.Start, Models = [TraceScore.Uncorrected, TraceScore.Ensemble], Networks = weights };
        var rows = TraceScore.Run(values, options).Rows;
        return rows[1].Pinball / rows[0].Pinball;
    }

    private sealed class Listener(Action<NetworkEpoch> tell) : IProgress<NetworkEpoch>
    {
        public void Report(NetworkEpoch value) => tell(value);
    }
}
