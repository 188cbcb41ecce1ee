using System.Collections.Immutable;
using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Forecasting.LeadTime;
using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Core.Tests.Forecasting.Models;

public sealed class ShadowScorerTests
{
    private static readonly WorkloadId Web = WorkloadId.Parse("c/n/deployment/web");
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(1);
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Add_ConstantDemand_ScoresBothByHand()
    {
        var tally = Run(180, 4, i => 100, 90, 120)[1];

        // Horizons 1, 2 and 4; of 100, 90 is too low at every level and 120 too high; the levels' mean is 0.688.
        Assert.Equal(60 * 3, tally.Scores.Outcomes);
        Assert.Equal(0.688 * 10 / 100, tally.Scores.ChampionLoss / tally.Scores.Outcomes, 6);
        Assert.Equal((1 - 0.688) * 20 / 100, tally.Scores.ShadowLoss / tally.Scores.Outcomes, 6);
        Assert.Equal([0, 0, 0, 0, 0], tally.Scores.ChampionCovered.ToArray());
        Assert.Equal([180, 180, 180, 180, 180], tally.Scores.ShadowCovered.ToArray());
        Assert.True(tally.Scores.IsPlausible);
    }

    [Fact]
    public void Add_FirstBlock_LacksWhatWasNotPredictedYet()
    {
        var tallies = Run(180, 4, i => 100, 90, 120);

        Assert.Equal(59 + 58 + 56, tallies[0].Scores.Outcomes);
        Assert.Equal(tallies[0].Block + 1, tallies[1].Block);
    }

    [Fact]
    public void Add_UnknownDemand_IsNotScored()
    {
        var tally = Run(180, 4, i => i % 2 == 0 ? 100 : null, 90, 120)[1];

        Assert.Equal(30 * 3, tally.Scores.Outcomes);
    }

    [Fact]
    public void Add_AModelNotReady_ScoresNeither()
    {
        Assert.Empty(Run(180, 4, i => 100, 90, float.NaN));
        Assert.Empty(Run(180, 4, i => 100, float.NaN, 90));
    }

    [Fact]
    public void Add_NoTraffic_HasNoScale()
    {
        Assert.Empty(Run(180, 4, i => 0, 1, 2));
    }

    [Fact]
    public void Add_AfterAGap_ForgetsWhatWasPredictedBefore()
    {
        var scorer = new ShadowScorer(Step, 4, TimeSpan.FromHours(1));
        for (var i = 1; i <= 10; i++) Add(scorer, i, 100, 90, 120);
        Assert.Equal(9 + 8 + 6, Add(scorer, 65, 100, 90, 120)!.Value.Scores.Outcomes);
        Assert.Null(Add(scorer, 125, 100, 90, 120));
    }

    [Fact]
    public void Add_ForecastWithMoreLevels_ScoresThoseOfAllModels()
    {
        var (plain, mixed) = (new ShadowScorer(Step, 4, TimeSpan.FromHours(1)), new ShadowScorer(Step, 4, TimeSpan.FromHours(1)));
        ShadowTally? expected = null, found = null;
        for (var i = 1; i <= 65; i++)
        {
            var observation = new Observation { Workload = Web, Time = Start + i * Step, Step = Step, Demand = 100, FilteredDemand = 100 };
            var few = Forecast(observation, 1, 4) with { Values = [.. Rows(ForecastSettings.Quantiles)] };
            var many = few with { Quantiles = LeadTimeSettings.Quantiles, Values = [.. Rows(LeadTimeSettings.Quantiles)] };
            expected ??= plain.Add(observation, few, few);
            found ??= mixed.Add(observation, many, few);
        }

        Assert.Equal(expected!.Value.Scores.ChampionLoss, found!.Value.Scores.ChampionLoss);
        Assert.Equal(expected.Value.Scores.ChampionCovered.AsEnumerable(), found.Value.Scores.ChampionCovered.AsEnumerable());

        static IEnumerable<float> Rows(ImmutableArray<float> levels) => Enumerable.Range(1, 4).SelectMany(row => levels.Select(level => 80 + 10 * row * level));
    }

    private static List<ShadowTally> Run(int steps, int horizon, Func<int, double?> demand, float champion, float shadow)
    {
        var scorer = new ShadowScorer(Step, horizon, TimeSpan.FromHours(1));
        var tallies = new List<ShadowTally>();
        for (var i = 1; i <= steps + 1; i++)
            if (Add(scorer, i, demand(i), champion, shadow, horizon) is { } tally) tallies.Add(tally);
        return tallies;
    }

    private static ShadowTally? Add(ShadowScorer scorer, int step, double? demand, float champion, float shadow, int horizon = 4)
    {
        var observation = new Observation { Workload = Web, Time = Start + step * Step, Step = Step, Demand = demand, FilteredDemand = demand };
        return scorer.Add(observation, Forecast(observation, champion, horizon), Forecast(observation, shadow, horizon));
    }

    private static Forecast Forecast(Observation observation, float value, int horizon) => new()
    {
        Workload = Web,
        IssuedAt = observation.Time,
        Step = Step,
        Status = float.IsNaN(value) ? ForecastStatus.WarmingUp : ForecastStatus.Ready,
        Horizon = float.IsNaN(value) ? 0 : horizon,
        Quantiles = ForecastSettings.Quantiles,
        Values = float.IsNaN(value) ? [] : [.. Enumerable.Repeat(value, horizon * ForecastSettings.Quantiles.Length)],
        Model = "m",
        ModelVersion = "1.0.0",
    };
}
