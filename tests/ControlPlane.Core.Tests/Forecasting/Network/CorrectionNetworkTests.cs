using ControlPlane.Core.Forecasting.Ensemble;
using ControlPlane.Core.Forecasting.Network;
using ControlPlane.Core.Forecasting.Neural;
using ControlPlane.Core.Tests.Forecasting.Neural;

namespace ControlPlane.Core.Tests.Forecasting.Network;

public sealed class CorrectionNetworkTests
{
    private const float Spread = 0.5f;
    private static readonly float[] Quantiles = [.. Enumerable.Range(0, QuantileGrid.Count).Select(level => (float)QuantileGrid.NormalQuantile(QuantileGrid.Levels[level]))];

    [Fact]
    public void Learn_Batch_MatchesFiniteDifferences()
    {
        var (network, rows) = (Network(3), Rows(48));
        var trainer = new CorrectionTrainer(network, new NetworkTrainingOptions { Batch = 48 }, 1);
        int[] batch = [.. Enumerable.Range(0, 48)];
        trainer.Learn(rows, batch, dropout: 0);
        Wave.CheckGradients(network.Parameters, () => trainer.Score(rows), 5e-4f, 0.03, stride: 131);
    }

    [Fact]
    public void Correct_OneRow_IsWhatTrainingSees()
    {
        var (network, rows) = (Network(5), Rows(1));
        var corrected = new float[QuantileGrid.Count];
        network.Correct(rows.Inputs(0), Quantiles, Spread, corrected);
        // The outcome lies at the same place against every level.
        var outcome = Quantiles[0] + rows.Misses(0)[0] * Spread;
        var loss = 0.0;
        for (var level = 0; level < corrected.Length; level++)
        {
            var miss = (outcome - corrected[level]) / Spread;
            loss += rows.Weight(0) * miss * (QuantileGrid.Levels[level] - (miss > 0 ? 0 : 1));
        }

        Assert.Equal(loss, new CorrectionTrainer(network, new NetworkTrainingOptions { Batch = 1 }, 1).Score(rows), 1e-4);
    }

    [Fact]
    public void Correct_Untrained_ChangesNothing()
    {
        var corrected = new float[QuantileGrid.Count];
        new CorrectionNetwork(1).Correct(Rows(1).Inputs(0), Quantiles, Spread, corrected);
        Assert.Equal(Quantiles, corrected);
    }

    [Fact]
    public void TakeRaw_AfterStandardising_IsTheSameFunction()
    {
        var (network, raw, rows) = (Network(7), Rows(20), Rows(20));
        var (mean, deviation) = rows.Moments();
        rows.Standardise(mean, deviation);
        var expected = Answers(network, rows);
        network.TakeRaw(mean, deviation);
        var given = Answers(network, raw);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], given[i], 1e-4);
    }

    [Fact]
    public void Step_ManyTimes_LearnsTheRows()
    {
        var (network, rows) = (new CorrectionNetwork(3), Rows(48));
        var trainer = new CorrectionTrainer(network, new NetworkTrainingOptions { Batch = 48, Dropout = 0 }, 1);
        int[] batch = [.. Enumerable.Range(0, 48)];
        var before = trainer.Score(rows);
        for (var i = 0; i < 300; i++) trainer.Step(rows, batch, 3e-3f);
        Assert.InRange(trainer.Score(rows), 0, before / 3);
    }

    [Fact]
    public void Add_NotFiniteOrTooMany_IsLeftOut()
    {
        var rows = new CorrectionRows(2);
        var inputs = new float[CorrectionInputs.Count];
        rows.Add(inputs, Quantiles, Spread, double.NaN);
        inputs[3] = float.PositiveInfinity;
        rows.Add(inputs, Quantiles, Spread, 1);
        Assert.Equal(0, rows.Count);
        inputs[3] = 4;
        for (var i = 0; i < 3; i++) rows.Add(inputs, Quantiles, Spread, i);
        Assert.Equal(2, rows.Count);
        Assert.Equal((1 - Quantiles[4]) / Spread, rows.Misses(1)[4]);
        Assert.Equal(4, rows.Inputs(1)[3]);
    }

    [Fact]
    public void BoundWeights_OneHeavyRow_IsCut()
    {
        var rows = Rows(100);
        rows.Weigh(7, 1000);
        rows.BoundWeights(5);
        Assert.Equal(5, rows.Weight(7));
    }

    private static CorrectionNetwork Network(ulong seed)
    {
        var network = new CorrectionNetwork(seed);
        // Not the zeros of the start, so that every weight takes part.
        Wave.Make(network.Out.Weights.Length, 0.7, 0.05).CopyTo(network.Out.Weights);
        return network;
    }

    private static float[] Answers(CorrectionNetwork network, CorrectionRows rows)
    {
        var answers = new float[rows.Count * QuantileGrid.Count];
        for (var row = 0; row < rows.Count; row++) network.Correct(rows.Inputs(row), Quantiles, Spread, answers.AsSpan(row * QuantileGrid.Count));
        return answers;
    }

    private static CorrectionRows Rows(int count)
    {
        var (rows, noise) = (new CorrectionRows(count), new SeededNoise(8));
        for (var i = 0; i < count; i++)
        {
            float[] inputs = [.. Enumerable.Range(0, CorrectionInputs.Count).Select(_ => (float)noise.NextNormal())];
            rows.Add(inputs, Quantiles, Spread, 0.3 * noise.NextNormal());
        }

        return rows;
    }
}
