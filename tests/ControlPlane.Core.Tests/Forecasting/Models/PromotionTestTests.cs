using System.Collections.Immutable;
using ControlPlane.Core.Forecasting.Models;
using static ControlPlane.Core.Tests.Forecasting.Models.Trials;

namespace ControlPlane.Core.Tests.Forecasting.Models;

/// <summary>How often the test errs, by seeded simulation of the blocks' mean differences.</summary>
public sealed class PromotionTestTests
{
    private const int Runs = 400;

    /// <summary>Three standard errors of a share of 2.5% over the runs.</summary>
    private const double Slack = 0.0235;

    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(0.3, 0.0)]
    [InlineData(0.6, 0.0)]
    [InlineData(0.3, 1.5)]
    public void Judge_EqualModelsLookedAtAgainAndAgain_PromotesNoMoreThanStated(double correlation, double dailyWave)
    {
        var promoted = Enumerable.Range(0, Runs).Count(run => IsPromoted(Blocks(run, 0, correlation, dailyWave)));

        Assert.InRange(promoted / (double)Runs, 0, Options.FalsePromotion + Slack);
    }

    [Fact]
    public void Judge_BetterByHalfOfTheHoursScatter_PromotesNearlyAlways()
    {
        Assert.InRange(Enumerable.Range(0, 100).Count(run => IsPromoted(Blocks(run, 0.5, 0.3, 0))), 97, 100);
    }

    [Fact]
    public void Spend_OverAllLooks_AddsUpToTheStatedRate()
    {
        foreach (var (purpose, stated) in new[] { (TrialPurpose.Challenge, Options.FalsePromotion), (TrialPurpose.Probation, Options.FalseRollback) })
            Assert.Equal(stated, Enumerable.Range(0, Options.LooksFor(purpose).Length).Sum(look => Options.Spend(purpose, look)), 12);
    }

    [Fact]
    public void IsDue_NewestBlockIncomplete_Waits()
    {
        var trial = Trial([.. Enumerable.Range(0, 48).Select(i => new TrialBlock(i, 1, 1))]);
        Assert.False(PromotionTest.IsDue(trial, Options));
        Assert.True(PromotionTest.IsDue(trial with { Blocks = trial.Blocks.Add(new TrialBlock(48, 1, 1)) }, Options));
    }

    private static bool IsPromoted(ImmutableArray<TrialBlock> blocks)
    {
        for (var look = 0; look < Options.Looks.Length; look++)
            if (PromotionTest.Judge(Trial(blocks) with { Looks = look }, Options).Verdict == TrialVerdict.ShadowBetter) return true;
        return false;
    }

    private static ModelTrial Trial(ImmutableArray<TrialBlock> blocks) => new()
    {
        Id = 1,
        Purpose = TrialPurpose.Challenge,
        Champion = Own,
        Shadow = New,
        StartedAt = Start,
        Share = 1,
        Blocks = blocks,
        Services = [new TrialService("c/n/deployment/web", 1, 1, 1)],
        Scores = Scores(0),
    };

    /// <summary>Hourly means as an autoregression, with a wave over the day of unknown phase.</summary>
    private static ImmutableArray<TrialBlock> Blocks(int seed, double mean, double correlation, double dailyWave)
    {
        var random = new Random(seed);
        var (phase, state) = (random.NextDouble() * 2 * Math.PI, 0.0);
        var blocks = ImmutableArray.CreateBuilder<TrialBlock>();
        for (var i = -50; i < 337; i++)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            state = correlation * state + normal;
            if (i >= 0) blocks.Add(new TrialBlock(i, 1, mean + state + dailyWave * Math.Sin(2 * Math.PI * i / 24 + phase)));
        }
        return blocks.ToImmutable();
    }
}
