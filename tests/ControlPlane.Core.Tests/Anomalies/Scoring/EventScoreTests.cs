using ControlPlane.Core.Anomalies.Scoring;

namespace ControlPlane.Core.Tests.Anomalies.Scoring;

public sealed class EventScoreTests
{
    private static readonly (int First, int Last)[] Segments = [(100, 120), (300, 309), (500, 501)];

    private static double[] Scores()
    {
        var scores = AnomalyGolden.Uniforms(600, 4);
        foreach (var (first, last) in Segments)
        {
            for (var i = first; i <= last; i++) scores[i] += 0.35;
        }

        return scores;
    }

    [Fact]
    public void Of_NoisyScores_MatchesTheIndependentScorer()
    {
        var score = EventScore.Of(Scores(), Segments);
        AnomalyGolden.AssertNear(AnomalyGolden.Read("events"), [score.EventF1, score.F1, score.AveragePrecision, score.DelaySteps], 1e-9);
    }

    [Theory]
    [InlineData("vus.0", 0)]
    [InlineData("vus.20", 20)]
    public void PrecisionRecall_NoisyScores_MatchesTheIndependentScorer(string name, int widest) =>
        Assert.Equal(AnomalyGolden.Read(name)[0], VolumeUnderSurface.PrecisionRecall(Scores(), Segments, widest), 9);

    [Fact]
    public void Of_PerfectScores_AreAllOne()
    {
        var scores = new double[600];
        foreach (var (first, last) in Segments) scores.AsSpan(first, last - first + 1).Fill(1);
        var score = EventScore.Of(scores, Segments);

        Assert.Equal((1.0, 1.0, 0.0), (score.EventF1, score.F1, score.DelaySteps));
        Assert.Equal(1, score.AveragePrecision, 12);
        Assert.Equal(1, VolumeUnderSurface.PrecisionRecall(scores, Segments, 0), 12);
    }

    [Fact]
    public void PrecisionRecall_DetectionBesideTheLabel_EarnsPartWhenLabelsAreStretched()
    {
        var scores = new double[600];
        scores.AsSpan(122, 8).Fill(1);
        Assert.True(VolumeUnderSurface.PrecisionRecall(scores, [(100, 120)], 40) > VolumeUnderSurface.PrecisionRecall(scores, [(100, 120)], 0) + 0.05);
    }

    [Fact]
    public void Of_NoAnomalies_HasNoDelayAndNoVolume()
    {
        Assert.True(double.IsNaN(EventScore.Of([1, 2, 3], []).DelaySteps));
        Assert.True(double.IsNaN(VolumeUnderSurface.PrecisionRecall([1, 2, 3], [], 10)));
    }

    [Fact]
    public void Of_AllScoresUnknown_FindsNothing() => Assert.Equal((0.0, 0.0), (EventScore.Of([double.NaN, double.NaN], [(0, 1)]).EventF1, EventScore.Of([double.NaN, double.NaN], [(0, 1)]).F1));

    [Theory]
    [InlineData(new[] { 5.0, 1, 4, 3 }, new[] { 0, 2 }, 2.0 / 3)]
    [InlineData(new[] { 5.0, 1, 4, 3 }, new[] { 1 }, 0)]
    [InlineData(new[] { 1.0, 1, 1, 1 }, new[] { 0, 1, 2 }, 1)]
    [InlineData(new[] { double.NaN, 1, 2, 3 }, new[] { 0, 1 }, 1.0 / 3)]
    public void PrecisionAtThree_Blame_CountsTheCulpritsAmongTheTopThree(double[] blame, int[] culprits, double expected) =>
        Assert.Equal(expected, BlameScore.PrecisionAtThree(blame, culprits), 12);

    [Fact]
    public void PrecisionAtThree_NoCulprits_IsUnknown() => Assert.True(double.IsNaN(BlameScore.PrecisionAtThree([1, 2], [])));
}
