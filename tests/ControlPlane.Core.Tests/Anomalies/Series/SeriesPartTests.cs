using ControlPlane.Core.Anomalies.Series;

namespace ControlPlane.Core.Tests.Anomalies.Series;

public sealed class SeriesPartTests
{
    private static readonly int[] Picked = [225, 300, 500, 700, 899, 900, 901, 1000, 1199, 1200, 1210, 1259, 1300, 1400, 1405, 1499];

    [Fact]
    public void BlockNovelty_Wave_MatchesTheIndependentDistances()
    {
        var novelty = new BlockNovelty(2, 8);
        var found = new List<double>();
        foreach (var value in AnomalyGolden.Series())
        {
            novelty.Add((float)value);
            found.Add(novelty.Novelty(4));
        }

        AnomalyGolden.AssertNear(AnomalyGolden.Read("course.4"), [.. Picked.Select(i => found[i])], 1e-3);
    }

    [Fact]
    public void ContextTree_RanksOfAWave_MatchTheIndependentSurprise()
    {
        var (ranks, tree, found) = (new RankSample(), new ContextTree(), new List<double>());
        foreach (var value in AnomalyGolden.Series())
        {
            var rank = ranks.Rank((float)value);
            ranks.Add((float)value);
            found.Add(tree.Next(Math.Min(7, (int)(8 * rank))));
        }

        AnomalyGolden.AssertNear(AnomalyGolden.Read("order"), [.. Picked.Select(i => found[i])], 1e-9);
    }

    [Fact]
    public void TailCalibrator_ManyResiduals_EvidenceIsTheirTailAndGrowsBeyond()
    {
        var tail = new TailCalibrator(ushort.MaxValue, 0, 40, 8);
        foreach (var u in AnomalyGolden.Uniforms(20_000, 12)) tail.Add(-Math.Log(1 - u));

        // Exponential residuals: the evidence of r is r ÷ ln 10, within a bin and beyond all that was seen.
        foreach (var r in (double[])[0.5, 1, 3, 6, 20]) Assert.Equal(r / Math.Log(10), tail.Evidence(r), 0.12 * r / Math.Log(10) + 0.03);
        Assert.Equal(0, tail.Evidence(double.NaN));
        Assert.Equal(0, tail.Evidence(0));
    }

    [Fact]
    public void TailCalibrator_LevelChanges_ForgetsTheOldOne()
    {
        var tail = new TailCalibrator(2_000, 0, 16, 4);
        foreach (var u in AnomalyGolden.Uniforms(4_000, 13)) tail.Add(u);
        Assert.True(tail.Evidence(100) > 50);
        foreach (var u in AnomalyGolden.Uniforms(20_000, 14)) tail.Add(100 * u);
        Assert.InRange(tail.Evidence(50), 0, 0.5);
        // The largest residual moved the bins up; small ones share the lowest.
        foreach (var r in (double[])[1e9, 1e-9, 0, double.NaN, double.PositiveInfinity]) tail.Add(r);
        Assert.True(double.IsFinite(tail.Evidence(1e9)));
    }

    [Fact]
    public void SeasonalResidual_DayNightPattern_IsLearntByHourAndAnAnomalyIsNot()
    {
        var season = new SeasonalResidual(0.1, 6);
        double Day(int i) => (i / 12) % 24 is >= 8 and < 20 ? 100 : 10;
        for (var i = 0; i < 288 * 5; i++) season.Next(AnomalyGolden.Time(i), Day(i) + i % 2);
        Assert.InRange(Math.Abs(season.Next(AnomalyGolden.Time(288 * 5), 10)), 0, 2);
        Assert.Equal(90, season.Next(AnomalyGolden.Time(288 * 5 + 1), 100), 3.0);
        // One error of 90 where 1 is usual moves the mean by little.
        Assert.Equal(90, season.Next(AnomalyGolden.Time(288 * 5 + 2), 100), 5.0);
    }

    [Fact]
    public void NgramNovelty_KnownPatternThenNewOrder_OnlyTheNewOneIsEvidence()
    {
        var novelty = new NgramNovelty(8, 3, 1, takesLargest: true);
        novelty.SetRange(0, 4);
        int[] pattern = [0, 2, 4, 2];
        for (var i = 0; i < 200; i++) novelty.Next(pattern[i % 4]);
        Assert.Equal(0, novelty.Next(0));
        // 0 after 0 never came; its levels alone did.
        Assert.InRange(novelty.Next(0), 1.0, 3.0);
    }

    [Fact]
    public void LowRecord_NewLowest_IsStrongAndTiesAreNot()
    {
        var low = new LowRecord();
        for (var i = 0; i < 999; i++) low.Next(10 + i % 50);
        Assert.Equal(3, low.Next(1), 1e-3);
        Assert.InRange(low.Next(10), 1.2, 1.8);
        Assert.Equal(0, low.Next(59));
        Assert.Equal(-Math.Log10(2 / 1003.0), low.Next(1), 12);
    }

    [Fact]
    public void RankSample_FullAndThinned_StillRanks()
    {
        var ranks = new RankSample();
        Assert.Equal(0.5, ranks.Rank(3));
        foreach (var u in AnomalyGolden.Uniforms(5_000, 15)) ranks.Add((float)u);
        foreach (var r in (double[])[0, 0.1, 0.5, 0.9, 1]) Assert.Equal(r, ranks.Rank((float)r), 0.06);
    }

    [Fact]
    public void AlarmPolicy_SuccessiveEvidence_MutesEscalatesAndTires()
    {
        var policy = new AlarmPolicy(4, mutedSteps: 10, recoverySteps: 100);
        Assert.False(policy.Next(3.9, out _));
        Assert.True(policy.Next(4.5, out var threshold));
        Assert.Equal(4, threshold);
        Assert.False(policy.Next(6, out threshold));
        Assert.InRange(threshold, 4.78, 4.8);
        Assert.True(policy.Next(6.8, out _));
        for (var i = 0; i < 10; i++) Assert.False(policy.Next(7, out _));
        Assert.True(policy.Next(7, out threshold));
        // Two recent alarms of weight 0.9 each raise it by a fifth each.
        Assert.InRange(threshold, 5.3, 5.5);
        for (var i = 0; i < 1_000; i++) policy.Next(0, out threshold);
        Assert.Equal(4, threshold, 3);
        Assert.False(policy.Next(double.NaN, out _));
    }
}
