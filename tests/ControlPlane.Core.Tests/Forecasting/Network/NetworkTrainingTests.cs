using ControlPlane.Core.Forecasting.Network;

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
    public void Train_NoiseAroundACurve_BeatsTheLastValueOnALoadThatItNeverSaw()
    {
        var weights = NetworkTraining.Train(Traces, TrainingTraces.Quick());
        Assert.InRange(weights.Header.ValidationLoss, 0, 0.9);
        Assert.InRange(NetworkEvaluation.ScoreAlone(TrainingTraces.Wave("other", 7, 99), weights), 0, 0.93);
    }

    [Fact]
    public void Train_NoPatience_StopsAtTheFirstEpochThatIsNotBetter()
    {
        // At this rate the loss soon rises, so that the best epoch is an early one.
        var told = new List<NetworkEpoch>();
        var options = TrainingTraces.Quick() with { Epochs = 40, Patience = 1, Rate = 0.2f };
        var weights = NetworkTraining.Train(Traces, options, new Listener(told.Add));
        Assert.True(told.Count < 40);
        Assert.Equal(told.Count - 1, weights.Header.Epochs);
        Assert.Equal(told.Min(epoch => epoch.Validation), weights.Header.ValidationLoss);
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
        Assert.True(double.IsFinite(NetworkEvaluation.ScoreAlone(Traces[0], weights)));
    }

    [Fact]
    public void Train_TooLittle_SaysHowMuchIsNeeded()
    {
        var trace = new TrainingTrace("short", "short", TrainingTraces.Start, TrainingTraces.Step, new double[10]);
        var refused = Assert.Throws<ArgumentException>(() => NetworkTraining.Train([trace], TrainingTraces.Quick()));
        Assert.Contains("0 examples", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => NetworkTraining.Train(Traces, TrainingTraces.Quick() with { Batch = 0 }));
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
        Assert.Equal(weights.Save(), LoadNetworkWeights.Load(weights.Save()).Save());
    }

    [Fact]
    public void AggregateAndRefine_Trace_KeepsItsLevelAndTimes()
    {
        var trace = Traces[0];
        var (coarse, fine) = (trace.Aggregate(3), trace.Refine(5, 1));
        Assert.Equal(trace.Values.Span[..3].ToArray().Average(), coarse.Values.Span[0], 1e-9);
        Assert.Equal(trace.Start + 2 * trace.Step, coarse.Start);
        Assert.Equal(5 * trace.Values.Length, fine.Values.Length);
        Assert.Equal(trace.Start, fine.Start + 4 * fine.Step);
        Assert.InRange(fine.Values.ToArray().Average() / trace.Values.ToArray().Average(), 0.95, 1.05);
        var gap = trace with { Values = new double[] { 1, double.NaN, -1, double.NaN } };
        Assert.Equal([1, double.NaN], gap.Aggregate(2).Values.ToArray());
    }

    [Fact]
    public void LeaveOneOut_TwoGroups_ScoresEveryTraceWithWeightsOfTheOthers()
    {
        TrainingTrace[] traces = [Short(Traces[0]), Short(Traces[1])];
        var gains = NetworkEvaluation.LeaveOneOut(traces, TrainingTraces.Quick());
        Assert.Equal(["wave0", "wave1"], gains.Select(gain => gain.Trace));
        Assert.All(gains, gain => Assert.InRange(gain.Overall, 0.5, 1.1));
        Assert.Equal(gains[0].Alone, NetworkEvaluation.ScoreAlone(traces[0], NetworkTraining.Train(traces[1..], TrainingTraces.Quick())));

        static TrainingTrace Short(TrainingTrace trace) => trace with { Values = trace.Values[..450] };
    }

    private sealed class Listener(Action<NetworkEpoch> tell) : IProgress<NetworkEpoch>
    {
        public void Report(NetworkEpoch value) => tell(value);
    }
}
