using ControlPlane.Core.Anomalies.Scoring.Baselines;

namespace ControlPlane.Core.Tests.Anomalies.Scoring;

public sealed class BaselineTests
{
    private static readonly double[][] Train = [.. AnomalyGolden.Uniforms(1200, 6).Chunk(2).Select(u => (double[])[u[0], 2 * u[0] + 0.02 * u[1], 0.5])];

    /// <summary>Ordinary; beside the line; off the constant.</summary>
    private static readonly double[][] Test = [[0.5, 1.01, 0.5], [0.5, 0.2, 0.5], [0.5, 1.01, 3]];

    [Fact]
    public void PrincipalComponents_PointsOnALine_ScoresAreDistancesFromIt()
    {
        var scores = PrincipalComponents.Score(Train, Test);

        Assert.InRange(scores[0], 0, 0.02);
        // Distance of (0.5, 0.2) from y = 2x + 0.01: 0.81 / √5.
        Assert.Equal(0.81 / Math.Sqrt(5), scores[1], 0.01);
        Assert.Equal(2.5, scores[2], 0.01);
    }

    [Fact]
    public void Eigen_SymmetricMatrix_MatchesTheClosedForm()
    {
        var (values, vectors) = PrincipalComponents.Eigen(new double[,] { { 2, 1 }, { 1, 2 } });

        Assert.Equal([1, 3], values.Order().Select(v => Math.Round(v, 12)));
        Assert.Equal(Math.Sqrt(0.5), Math.Abs(vectors[0, 0]), 12);
    }

    [Fact]
    public void KMeansAndRobustZ_UnusualRow_ScoresAboveOrdinaryOnes()
    {
        double[][] test = [.. Train.Take(20), .. Test[1..]];
        var distances = KMeansBaseline.Score(Train, test);
        Assert.True(Math.Min(distances[20], distances[21]) > distances[..20].Max());
        Assert.True(StreamBaselines.RobustZ(Train, test)[21] > 100);
    }

    [Fact]
    public void DriftingThresholdsAndChangePoints_LevelJumps_ScoreItAndNothingBefore()
    {
        double[][] train = [.. Enumerable.Range(0, 2).SelectMany(_ => Train)];
        double[][] test = [.. Train.Take(50), .. Train.Skip(50).Take(10).Select(row => (double[])[row[0] + 9, row[1], row[2]])];
        foreach (var scores in (double[][])[StreamBaselines.DriftingThresholds(train, test), StreamBaselines.ChangePoints(train, test)])
            Assert.True(scores[50..].Max() > scores[10..50].Max() + 0.05);
    }

    [Fact]
    public void Autoencoder_WindowOfUnusualRows_ScoresAboveOrdinaryOnes()
    {
        double[][] train = [.. Enumerable.Range(0, 5).SelectMany(_ => Train)];
        double[][] test = [.. Train.Take(50), .. Enumerable.Repeat(Test[1], 8)];
        var errors = StreamBaselines.Autoencoder(train, test);
        Assert.True(errors[57] > 1.5 * errors[..50].Average());
    }

    [Fact]
    public void WindowedGaussian_Values_GiveTheNormalTail()
    {
        // Python: 1 - 0.5 * math.erfc(abs(x - mean) / std / 1.4142), mean and standard deviation (of the population) of the values before.
        var detector = new WindowedGaussian();
        double[] scores = [.. ((double[])[1, 3, 2, 2, 10, 2.5]).Select(detector.Next)];
        Assert.Equal(0, scores[0]);
        Assert.Equal(1, scores[1]);
        Assert.Equal(0.5, scores[2], 12);
        Assert.Equal(0.5, scores[3], 12);
        Assert.Equal(1, scores[4], 12);
        Assert.Equal(0.6320281894190382, scores[5], 12);
    }

    [Fact]
    public void WindowedGaussian_LongAfterAShift_HasForgotten()
    {
        var detector = new WindowedGaussian();
        var last = 0.0;
        for (var i = 0; i < 20_000; i++) last = detector.Next((i < 5_000 ? 0 : 1_000) + i % 7);
        Assert.InRange(last, 0.5, 0.99);
    }
}
