using ControlPlane.Core.Anomalies.Scoring;

namespace ControlPlane.Core.Tests.Anomalies.Scoring;

public sealed class NabScoreTests
{
    private static readonly NabProfile FewFalse = new(1, 1, 0.22);
    private static readonly NabProfile FewMissed = new(1, 2, 0.11);

    [Theory]
    [InlineData("standard", 1, 0.11)]
    [InlineData("fewFalse", 1, 0.22)]
    [InlineData("fewMissed", 2, 0.11)]
    public void AtAndBest_RandomScores_MatchTheIndependentScorer(string name, double falseNegative, double falsePositive)
    {
        NabFile[] files = [new(AnomalyGolden.Uniforms(2000, 2), [(400, 460), (700, 790)]), new(AnomalyGolden.Uniforms(900, 3), [(200, 230)])];
        var profile = new NabProfile(1, falseNegative, falsePositive);

        Assert.Equal(AnomalyGolden.Read("nab.at." + name)[0], NabScore.At(files, profile, 0.98).Value, 9);
        Assert.Equal(AnomalyGolden.Read("nab.best." + name)[0], NabScore.Best(files, profile).Value, 9);
    }

    [Fact]
    public void Normalisation_PublishedScoresOfWindowedGaussian_NameAWholeNumberOfWindows()
    {
        // Published on these 59 windows, one threshold for all profiles: 29.74 standard, 39.03 with misses counted twice. By the rule
        // 2 · 59 · standard = T + found and 3 · 59 · fewMissed = T + 2 · found, with T the same for both.
        const int Windows = 59;
        const double Found = (3 * 39.03 - 2 * 29.74) / 100 * Windows;

        Assert.Equal(34, Found, 0.05);
        // And the rule itself: the same detections score so in both profiles.
        NabFile[] files = [new(AnomalyGolden.Uniforms(2000, 2), [(400, 460), (700, 790)])];
        var (standard, missed) = (NabScore.At(files, NabProfile.Standard, 0.98), NabScore.At(files, FewMissed, 0.98));
        Assert.Equal(standard.Found, (3 * missed.Value - 2 * standard.Value) / 100 * 2, 9);
    }

    [Fact]
    public void Best_EveryWindowFoundAtItsFirstRow_Is100()
    {
        var scores = new double[400];
        scores[100] = scores[300] = 1;
        var best = NabScore.Best([new NabFile(scores, [(100, 120), (300, 340)])], NabProfile.Standard);

        Assert.Equal(100, best.Value, 9);
        Assert.Equal((2, 0, 1.0), (best.Found, best.False, best.Threshold));
    }

    [Fact]
    public void Best_NothingIsWorthDetecting_StaysSilentAtZero()
    {
        var scores = new double[400];
        scores[200] = 1;
        var best = NabScore.Best([new NabFile(scores, [])], NabProfile.Standard);

        Assert.Equal((0.0, double.PositiveInfinity, 0), (best.Value, best.Threshold, best.False));
    }

    [Fact]
    public void At_DetectionInProbation_IsNotScored()
    {
        var scores = new double[400];
        scores[59] = 1;
        Assert.Equal(0, NabScore.At([new NabFile(scores, [(200, 220)])], NabProfile.Standard, 1).False);
        scores[60] = 1;
        var scored = NabScore.At([new NabFile(scores, [(200, 220)])], NabProfile.Standard, 1);

        // One false detection before any window costs its whole weight: -0.11 of the 2 between silence and perfection.
        Assert.Equal((1, -5.5), (scored.False, Math.Round(scored.Value, 9)));
    }

    [Fact]
    public void At_DetectionJustAfterAWindow_CostsLessThanFarAfterIt()
    {
        double Cost(int row)
        {
            var scores = new double[1000];
            scores[row] = 1;
            return NabScore.At([new NabFile(scores, [(200, 300)])], NabProfile.Standard, 1).Value;
        }

        Assert.True(Cost(310) > Cost(350));
        Assert.True(Cost(350) > Cost(900));
        Assert.Equal(Cost(700), Cost(900));
    }

    [Fact]
    public void At_ScoresThatAreNotNumbers_AreNoDetections()
    {
        double[] scores = [.. Enumerable.Repeat(double.NaN, 400)];
        Assert.Equal((0, 0), (NabScore.At([new NabFile(scores, [(200, 220)])], FewFalse, 0).Found, NabScore.Best([new NabFile(scores, [(200, 220)])], FewMissed).False));
    }

    [Theory]
    [InlineData(1000, 150)]
    [InlineData(4999, 749)]
    [InlineData(50_000, 750)]
    public void ProbationOf_Rows_Is15PercentAndAtMost750(int rows, int expected) => Assert.Equal(expected, NabFile.ProbationOf(rows));
}
