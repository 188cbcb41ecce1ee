using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using ControlPlane.Core.Scaling.Teams;
using static ControlPlane.Core.Tests.Scaling.Steps;

namespace ControlPlane.Core.Tests.Scaling.Teams;

/// <summary>How a service keeps to its share of a team's budget.</summary>
public sealed class TeamShareTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TeamBudget Team = new() { Name = "payments", Budget = new BudgetPolicy { ReplicaHours = 40, Period = Hour } };
    private static readonly PolicyDocument OfTeam = Policy with { Team = "payments", Teams = [Team] };

    [Fact]
    public void Decide_GrantIsSpent_LeavesTheMinimumAndSaysSo()
    {
        var state = DecisionState.Empty with { Team = Share(granted: 6, spent: 6) };
        var (after, decision) = DecisionPipeline.Decide(state, Input(Observe(2, 10, 1000), policy: OfTeam));
        Assert.Equal((ReasonCode.TeamBudgetSpent, 2), (decision.Reason, decision.DesiredReplicas));
        Assert.Equal($"scaled 10 → 2: {decision.RecommendedReplicas} are wanted, what is granted of the team's budget of 40 allows 2", DecisionReason.Sentence(decision));
        Assert.Equal(6 + 10 / 240.0, after.Team!.Spent, 9);
        Assert.True(new DecisionRecord { Before = state, Input = Input(Observe(2, 10, 1000), policy: OfTeam), Decision = decision }.IsReproducible());
    }

    /// <summary>Not pod by pod, which would overload those that are left one after the other; and not up again for what is left over.</summary>
    [Fact]
    public void Decide_GrantRunsOut_GoesToTheMinimumOnceAndBackWithMore()
    {
        var (state, replicas, course) = (DecisionState.Empty with { Team = Share(granted: 3, spent: 0) }, 10, new List<int>());
        for (var step = 2; step <= 120; step++)
        {
            if (step == 100) state = state with { Team = TeamNeed.Answered(state.Team!, state.Team!.Grant! with { Granted = 20 }) };
            (state, var decision) = DecisionPipeline.Decide(state, Input(Observe(step, replicas, 700), policy: OfTeam, sequence: step));
            replicas = decision.DesiredReplicas!.Value;
            course.Add(replicas);
        }

        var cut = course.IndexOf(2);
        Assert.InRange(cut, 10, 60);
        Assert.All(course[..cut], r => Assert.True(r >= 10));
        Assert.All(course[cut..98], r => Assert.Equal(2, r));
        Assert.True(course[^1] >= 8);
    }

    [Fact]
    public void Decide_SoftBudgetIsSpent_TellsItAndCutsNothing()
    {
        var soft = OfTeam with { Teams = [Team with { Budget = Team.Budget with { Enforcement = BudgetEnforcement.Soft } }] };
        var share = Share(granted: 6, spent: 6);
        var (_, decision) = DecisionPipeline.Decide(DecisionState.Empty with { Team = share with { Grant = share.Grant! with { IsSpent = true } } }, Input(Observe(2, 10, 1000), policy: soft));
        Assert.Equal("over", Assert.Single(decision.Stages, s => s.Name == "team").Rule);
        Assert.True(decision.DesiredReplicas >= 10);
    }

    [Fact]
    public void Decide_NoGrantYet_KeepsTheReplicasForAWhileAndThenTheMinimum()
    {
        var state = DecisionState.Empty;
        for (var step = 1; step <= 12; step++)
        {
            (state, var decision) = DecisionPipeline.Decide(state, Input(Observe(step, 5, 1000), policy: OfTeam, sequence: step));
            Assert.Equal((ReasonCode.TeamBudgetSpent, step <= 8 ? 5 : 2), (decision.Reason, decision.DesiredReplicas!.Value));
        }
    }

    [Theory]
    [InlineData(0, 30)] // of this period
    [InlineData(-1, 7)] // of the one before: what it granted ahead
    [InlineData(-2, null)]
    [InlineData(1, null)]
    public void Held_GrantOfAPeriod_HoldsForItAndTheFollowing(int periods, int? held)
    {
        var share = Share(granted: 30, spent: 0);
        var grant = share.Grant! with { PeriodStart = Start + periods * Hour, Next = 7 };
        Assert.Equal(held, (share with { Grant = grant }).Held(Hour));
        Assert.Null((share with { Grant = grant }).Held(2 * Hour));
    }

    [Fact]
    public void Step_ServiceOfMoneyBudget_IsChargedItsOwnPrice()
    {
        var money = new TeamBudget { Name = "payments", Budget = new BudgetPolicy { Money = 8, PricePerReplicaHour = 0.1, Period = Hour } };
        var policy = OfTeam with { Teams = [money], Budget = new BudgetPolicy { PricePerReplicaHour = 0.4 } };
        Assert.Empty(PolicyValidator.Validate(policy));
        var (state, _) = DecisionPipeline.Decide(DecisionState.Empty, Input(Observe(1, 6, 300), policy: policy));
        Assert.Equal(6 / 240.0 * 0.4, state.Team!.Spent, 9);
        Assert.Null(state.Budget);
    }

    [Fact]
    public void Step_PolicyNamesAnotherTeamOrNone_StartsAnew()
    {
        var (state, _) = DecisionPipeline.Decide(DecisionState.Empty with { Team = Share(granted: 6, spent: 6) }, Input(Observe(2, 5, 100), policy: OfTeam with { Team = "search", Teams = [Team with { Name = "search" }] }));
        Assert.Equal(("search", null), (state.Team!.Team, state.Team.Grant));
        (state, _) = DecisionPipeline.Decide(state, Input(Observe(3, 5, 100)));
        Assert.Null(state.Team);
    }

    /// <summary>What a crash takes: nothing, as the change before it was stored with the account.</summary>
    [Fact]
    public void Step_CrashAfterAStoredChange_ChargesTheTimeSinceAtTheReplicasThatRan()
    {
        var stored = BudgetAccount.Step(null, Hour, Observe(1, 4, 100), 4);
        var whole = stored;
        for (var step = 2; step <= 60; step++) whole = BudgetAccount.Step(whole, Hour, Observe(step, 9, 100), 9);
        Assert.Equal(whole.SpentHours, BudgetAccount.Step(stored, Hour, Observe(60, 9, 100), 9).SpentHours, 9);
    }

    [Theory]
    [InlineData(30, 5, false)] // half of what is wanted ahead is still there
    [InlineData(60, 5, true)] // time to look whether it is
    [InlineData(30, 60, true)] // the service wants to grow
    [InlineData(10, 60, false)] // asked a moment ago
    public void Of_GrantAndWish_SaysWhenToAsk(int secondsAgo, int wish, bool isDue)
    {
        var share = Share(granted: 2 + 2 * 5 * TeamNeed.Ahead(Hour).TotalHours, spent: 0);
        var due = TeamNeed.Of(share, OfTeam, Workload, wish, share.Account.CountedUntil - TimeSpan.FromSeconds(secondsAgo), 1, 2);
        Assert.Equal(isDue, due is not null);
    }

    [Fact]
    public void Of_GrantFarTooGreat_GivesBackAndTakesItOffFirst()
    {
        var share = Share(granted: 30, spent: 1);
        var (ask, after) = TeamNeed.Of(share with { Grant = share.Grant! with { Next = 30 } }, OfTeam, Workload, 4, null, 1, 1)!.Value;
        Assert.True(ask.Wanted < 10 && ask.Wanted >= ask.Floor);
        Assert.Equal((ask.Wanted, ask.WantedNext), (after.Grant!.Granted, after.Grant.Next));
    }

    private static TeamShare Share(double granted, double spent) => new()
    {
        Team = "payments",
        Account = new BudgetAccount { PeriodStart = Start, SpentHours = spent, CountedUntil = Start + Step },
        Grant = new TeamGrant { PeriodStart = Start, Period = Hour, Granted = granted, Next = 0 },
    };
}
