using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling.Teams;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Core.Tests.Scaling.Teams;

/// <summary>What a team's account answers to single asks.</summary>
public sealed class TeamAccountTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TeamBudget Hard = new() { Name = "payments", Budget = new BudgetPolicy { ReplicaHours = 100, Period = Hour } };
    private static readonly TeamBudget Soft = Hard with { Budget = Hard.Budget with { Enforcement = BudgetEnforcement.Soft } };

    [Theory]
    [InlineData(40, 10, 40, false)] // there is enough
    [InlineData(60, 10, 60, false)] // just enough
    [InlineData(100, 10, 60, true)] // more than half of it
    [InlineData(200, 10, 10, true)] // less than half: the minimum alone
    [InlineData(200, 80, 60, true)] // not even the minimum
    public void Ask_OtherHas40Of100_GivesWhatIsLeftOrTheMinimum(double wanted, double floor, double granted, bool isSpent)
    {
        var (account, _) = TeamAccount.Empty.Ask(Ask("other", 40), Hard);
        var (after, answer) = account.Ask(Ask("web", wanted) with { Floor = floor }, Hard);
        Assert.Equal((granted, isSpent), (answer.Granted, answer.IsSpent));
        Assert.Equal(granted < floor, after.Members[1].IsShort);
        Assert.Equal(40 + granted, after.Granted);
    }

    [Fact]
    public void Ask_LessThanBefore_GivesBackToTheOthers()
    {
        var (account, _) = TeamAccount.Empty.Ask(Ask("other", 90), Hard);
        (account, var refused) = account.Ask(Ask("web", 50), Hard);
        Assert.Equal((0, true), (refused.Granted, refused.IsSpent));
        (account, _) = account.Ask(Ask("other", 30, sequence: 2) with { Spent = 20 }, Hard);
        (_, var answer) = account.Ask(Ask("web", 50, sequence: 2), Hard);
        Assert.Equal(50, answer.Granted);
    }

    [Fact]
    public void Ask_OlderThanTheNewestOrFromThePeriodBefore_ChangesNothing()
    {
        var (account, _) = TeamAccount.Empty.Ask(Ask("web", 50, sequence: 5, epoch: 2), Hard);
        foreach (var late in (TeamAsk[])[Ask("web", 10, sequence: 4, epoch: 2), Ask("web", 10, sequence: 9, epoch: 1), Ask("web", 10, sequence: 6, epoch: 2) with { Time = Noon - TimeSpan.FromSeconds(1) }])
        {
            var (after, answer) = account.Ask(late, Hard);
            Assert.Equal((50, 50), (answer.Granted, after.Granted));
        }
    }

    [Fact]
    public void Ask_NewPeriod_BeginsWithWhatWasGrantedAheadAndForgetsTheSilent()
    {
        var (account, _) = TeamAccount.Empty.Ask(Ask("silent", 20), Hard);
        (account, _) = account.Ask(Ask("web", 60) with { WantedNext = 30 }, Hard);
        (account, var answer) = account.Ask(Ask("new", 80) with { Time = Noon + Hour }, Hard);
        Assert.Equal(["new", "web"], account.Members.Select(m => m.Workload.Name));
        Assert.Equal((70, 30), (answer.Granted, account.Members[1].Granted));
        Assert.Equal((Noon + Hour, 30), (answer.PeriodStart, account.Members[1].Granted));
        var (later, _) = account.Ask(Ask("other", 1) with { Time = Noon + 3 * Hour }, Hard);
        Assert.Equal("other", Assert.Single(later.Members).Workload.Name);
    }

    [Fact]
    public void Ask_MoreAheadThanTheBudget_IsCutToWhatIsLeftOfTheFollowingPeriod()
    {
        var (account, _) = TeamAccount.Empty.Ask(Ask("other", 0) with { WantedNext = 80 }, Hard);
        var (_, answer) = account.Ask(Ask("web", 0) with { WantedNext = 50 }, Hard);
        Assert.Equal(20, answer.Next);
    }

    [Fact]
    public void Ask_SoftBudget_GivesEverythingAndSaysWhenItIsSpent()
    {
        var (account, first) = TeamAccount.Empty.Ask(Ask("other", 500) with { Spent = 90 }, Soft);
        var (_, second) = account.Ask(Ask("web", 50) with { Spent = 10 }, Soft);
        Assert.Equal((500, false), (first.Granted, first.IsSpent));
        Assert.Equal((50, true), (second.Granted, second.IsSpent));
    }

    [Fact]
    public void Ask_OverspentByWhatKeepsReplicas_IsBookedAndTheOthersGetLess()
    {
        var (account, _) = TeamAccount.Empty.Ask(Ask("web", 30), Hard);
        (account, var answer) = account.Ask(Ask("web", 95, sequence: 2) with { Spent = 95 }, Hard);
        Assert.Equal(95, answer.Granted);
        Assert.Equal(5, account.Ask(Ask("other", 8), Hard).Answer.Granted);
    }

    [Fact]
    public void Ask_BudgetLoweredWithinThePeriod_LeavesWhatWasGrantedAndGivesNoMore()
    {
        var (account, _) = TeamAccount.Empty.Ask(Ask("web", 60), Hard);
        var lowered = Hard with { Budget = Hard.Budget with { ReplicaHours = 50 } };
        (account, var answer) = account.Ask(Ask("web", 80, sequence: 2), lowered);
        Assert.Equal((60, true), (answer.Granted, answer.IsSpent));
        Assert.Equal(0, account.Ask(Ask("other", 10), lowered).Answer.Granted);
    }

    [Fact]
    public void Release_Service_LeavesWhatItSpent()
    {
        var (account, _) = TeamAccount.Empty.Ask(Ask("web", 60) with { WantedNext = 60, FloorOfPeriod = 20 }, Hard);
        var after = account.Release(Id("web"), 25);
        Assert.Equal((25, 25, 0, 0), (after.Members[0].Granted, after.Members[0].Spent, after.Members[0].Next, after.Members[0].FloorOfPeriod));
        Assert.Equal(75, after.Ask(Ask("other", 75), Hard).Answer.Granted);
        Assert.Same(after, after.Release(Id("unknown"), 1));
    }

    [Fact]
    public void FloorFault_MinimaOfAllServices_MustFitTogether()
    {
        Assert.Null(TeamNeed.FloorFault(Hard, [("a", 60), ("b", 40)]));
        var fault = TeamNeed.FloorFault(Hard, [("a", 60), ("b", 41)]);
        Assert.Equal("team: 'payments' has 100 replica-hours, which do not pay for the minimum of its 2 services over 1h, which takes 101, most of it 60 of a", fault);
    }

    private static TeamAsk Ask(string name, double wanted, long sequence = 1, long epoch = 1) => new()
    {
        Workload = Id(name),
        Epoch = epoch,
        Sequence = sequence,
        Time = Noon,
        Spent = 0,
        Floor = 0,
        FloorOfPeriod = 0,
        Wanted = wanted,
        WantedNext = 0,
    };

    private static WorkloadId Id(string name) => WorkloadId.Parse($"test/ns/deployment/{name}");
}
