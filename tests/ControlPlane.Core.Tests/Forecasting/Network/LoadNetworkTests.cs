using ControlPlane.Core.Forecasting.Network;
using ControlPlane.Core.Forecasting.Neural;
using ControlPlane.Core.Tests.Forecasting.Neural;

namespace ControlPlane.Core.Tests.Forecasting.Network;

public sealed class LoadNetworkTests
{
    [Fact]
    public void Learn_Batch_MatchesFiniteDifferences()
    {
        var (network, rows) = (new LoadNetwork(3), Rows(48));
        // Larger than at the start, so that the guides take part.
        Wave.Make(network.Out.Weights.Length, 0.7, 0.3).CopyTo(network.Out.Weights);
        var trainer = new LoadNetworkTrainer(network, new NetworkTrainingOptions { Batch = 48 });
        int[] batch = [.. Enumerable.Range(0, 48)];
        trainer.Learn(rows, batch);
        Wave.CheckGradients(network.Parameters, () => trainer.Score(rows), 5e-4f, 0.03, stride: 13);
    }

    [Fact]
    public void Change_OneHorizon_IsWhatTrainingSees()
    {
        var (network, rows) = (new LoadNetwork(5), Rows(4));
        Wave.Make(network.Out.Weights.Length, 0.7, 0.05).CopyTo(network.Out.Weights);
        var (start, loss) = (new float[LoadNetwork.First], 0.0);
        for (var row = 0; row < 4; row++)
        {
            network.Begin(rows.Inputs(row)[..LoadFeatures.Shared], start);
            var change = network.Change(start, rows.Inputs(row)[LoadFeatures.Shared..], rows.Guides(row), rows.Scale(row));
            var error = Math.Abs(Math.Exp(change - rows.Change(row)) - 1);
            var smooth = 0.1 * rows.Scale(row);
            loss += rows.Weight(row) * (error < smooth ? 0.5 * error * error / smooth : error - 0.5 * smooth) / 4;
        }

        Assert.Equal(loss, new LoadNetworkTrainer(network, new NetworkTrainingOptions { Batch = 4 }).Score(rows), 1e-5);
    }

    [Fact]
    public void Step_ManyTimes_LearnsTheRows()
    {
        var (network, rows) = (new LoadNetwork(3), Rows(48));
        var trainer = new LoadNetworkTrainer(network, new NetworkTrainingOptions { Batch = 48 });
        int[] batch = [.. Enumerable.Range(0, 48)];
        var before = trainer.Score(rows);
        for (var i = 0; i < 300; i++) trainer.Step(rows, batch, 3e-3f);
        Assert.InRange(trainer.Score(rows), 0, before / 3);
    }

    [Fact]
    public void Add_NotFiniteOrTooMany_IsLeftOut()
    {
        var rows = new TrainingRows(2);
        var (shared, own, guides) = (new float[LoadFeatures.Shared], new float[LoadFeatures.Own], new float[LoadFeatures.GuideCount]);
        rows.Add(shared, own, guides, 1, double.NaN, 1);
        own[3] = float.PositiveInfinity;
        rows.Add(shared, own, guides, 1, 1, 1);
        Assert.Equal(0, rows.Count);
        own[3] = 4;
        for (var i = 0; i < 3; i++) rows.Add(shared, own, guides, 1, i, 1);
        Assert.Equal(2, rows.Count);
        Assert.Equal(1, rows.Change(1));
        Assert.Equal(4, rows.Inputs(1)[LoadFeatures.Shared + 3]);
    }

    private static TrainingRows Rows(int count)
    {
        var (rows, noise) = (new TrainingRows(count), new SeededNoise(8));
        for (var i = 0; i < count; i++) rows.Add(Draw(LoadFeatures.Shared), Draw(LoadFeatures.Own), Draw(LoadFeatures.GuideCount), 0.5, 0.3 * noise.NextNormal(), 1 + noise.NextDouble());
        return rows;

        float[] Draw(int length) => [.. Enumerable.Range(0, length).Select(_ => (float)noise.NextNormal())];
    }
}
