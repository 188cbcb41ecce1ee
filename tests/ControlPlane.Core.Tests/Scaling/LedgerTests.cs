using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using FsCheck.Fluent;
using static ControlPlane.Core.Tests.Scaling.Steps;

namespace ControlPlane.Core.Tests.Scaling;

public sealed class LedgerTests
{
    private const int Lead = 4;

    [Theory]
    [InlineData(10, 10, 500, 500, 8, 8, null)]
    [InlineData(10, 10, 6500, 5000, 10, 8, "pods")]
    [InlineData(10, 10, 5500, 5000, 10, 10, null)]
    [InlineData(19, 10, 500, 600, 8, 12, "violations")]
    [InlineData(18, 10, 500, 600, 8, 8, null)]
    [InlineData(19, 10, 720, 600, 8, 12, "violations")]
    [InlineData(19, 10, 500, 600, 15, 15, null)]
    public void Of_Accounts_LetThroughOrHold(long own, long hpa, long ownPods, long hpaPods, int wish, int expected, string? rule)
    {
        var terms = LedgerTerms.Of(new LedgerBooks(own, hpa, ownPods, hpaPods, 500), 0, false, rule == "pods" ? 8 : 12, Lead);
        Assert.Equal((expected, rule), (terms.Bound(wish), terms.Rule(wish)));
    }

    /// <summary>At a peak the present replicas are many times the usual ones.</summary>
    [Theory]
    [InlineData(10_200, 80, 50)]
    [InlineData(10_110, 60, 60)]
    public void Of_PodsAtAPeak_AreHeldByTheUsualReplicas(long ownPods, int wish, int expected) =>
        Assert.Equal(expected, LedgerTerms.Of(new LedgerBooks(0, 0, ownPods, 10_000, 20_000), 0, false, 50, Lead).Bound(wish));

    [Fact]
    public void Of_BehindOnce_KeepsTheFloorForSomeStartups()
    {
        var terms = LedgerTerms.Of(new LedgerBooks(9, 0, 0, 1000, 100), 0, false, 9, Lead);
        for (var step = 1; step < Ledger.LeadsOfFloor * (Lead + 1); step++)
        {
            terms = LedgerTerms.Of(new LedgerBooks(8, 0, 0, 1000, 100), terms.FloorSteps, false, 9, Lead);
            Assert.Equal(9, terms.Bound(3));
        }
        Assert.Equal(3, LedgerTerms.Of(new LedgerBooks(8, 0, 0, 1000, 100), terms.FloorSteps, false, 9, Lead).Bound(3));
    }

    /// <summary>Ten replicas are usual: room is counted in steps of ten pods.</summary>
    [Theory]
    [InlineData(100, false, false, 1.0)]
    [InlineData(30, false, false, 0.5)]
    [InlineData(5, false, false, 5 / 60.0)]
    [InlineData(3, false, true, 0.05)]
    [InlineData(29, true, true, 29 / 60.0)]
    [InlineData(31, true, false, 31 / 60.0)]
    public void Of_LittleRoomForPods_SavesAndOnceSpentWaitsForMore(int roomSteps, bool wasSpent, bool isSpent, double share)
    {
        var books = new LedgerBooks(0, 0, 101_000 + 10 * (Ledger.GraceSteps - roomSteps), 100_000, 10_000);
        var terms = LedgerTerms.Of(books, 0, wasSpent, 12, Lead);
        Assert.Equal((isSpent, isSpent ? 12 : 12 + 10 * roomSteps), (terms.IsSpent, terms.Ceiling));
        Assert.Equal(share, terms.PriceShare, 9);
        Assert.Equal(1, LedgerTerms.Of(books with { OwnViolations = 1 }, 0, wasSpent, 12, Lead).PriceShare);
    }

    [Fact]
    public void Of_RandomWishes_NeverTakesClearlyMorePodsThanTheHpa()
    {
        var steps = Gen.Choose(1, 40).Two().ListOf(600);
        Prop.ForAll(steps.ToArbitrary(), wishes =>
        {
            var (books, terms) = (default(LedgerBooks), LedgerTerms.Free);
            foreach (var (wish, reference) in wishes)
            {
                terms = LedgerTerms.Of(books, terms.FloorSteps, terms.IsSpent, reference, Lead);
                var replicas = terms.Bound(wish);
                books = books.With(replicas < 20, reference < 20, replicas, reference);
                Assert.True(books.OwnPods <= 1.01 * books.HpaPods + Ledger.GraceSteps * 40 + 40);
            }
        }).Holds(200);
    }

    [Fact]
    public void Decide_OnTheHpasOwnTrajectory_TheVirtualHpaIsTheRealOne()
    {
        var policy = Policy with { Predictive = new PredictivePolicy { Enabled = false } };
        var (state, replicas) = (DecisionState.Empty, 5);
        for (var step = 1; step <= 500; step++)
        {
            var observation = Observe(step, replicas, 300 + 250 * Math.Sin(step / 30.0));
            (state, var decision) = DecisionPipeline.Decide(state, Input(observation, null, policy, step));
            if (decision.Action != ScalingAction.Hold) state = DecisionPipeline.Confirm(state, decision, policy.Behavior);
            replicas = decision.DesiredReplicas!.Value;
            // Pods are ready at once here and after a start-up there, so that growing may differ for a few steps.
            if (step % 100 == 99) Assert.InRange(state.Ledger!.HpaReplicas, replicas - 1, replicas + 1);
        }
        Assert.Equal(state.Ledger!.Books.OwnPods, state.Ledger.Books.HpaPods, state.Ledger.Books.HpaPods / 20.0);
    }

    [Fact]
    public void Decide_ForecastsOfNothing_EndsAsTheHpa()
    {
        double Demand(int step) => 500 + 400 * Math.Sin(step / 200.0);
        var policy = Policy with { Objective = new ObjectivePolicy { RequestsPerSecondPerReplica = 100 } };
        var own = Run(4000, 9, s => Demand(s), o => Foresee(o, 0, 0), policy);
        var hpa = Run(4000, 9, s => Demand(s), _ => null, policy);
        var (ownMissed, hpaMissed) = (Missed(own, Demand), Missed(hpa, Demand));
        Assert.True(ownMissed <= 1.02 * hpaMissed + 3 * 5, $"{ownMissed} against {hpaMissed}");
    }

    [Fact]
    public void Decide_ForecastsOfTooMuch_TakesNoMorePodsThanTheHpa()
    {
        double Demand(int step) => 500 + 400 * Math.Sin(step / 200.0);
        var policy = Policy with { Objective = new ObjectivePolicy { RequestsPerSecondPerReplica = 100 } };
        var own = Run(4000, 9, s => Demand(s), o => Foresee(o, 10 * o.Demand!.Value), policy);
        var hpa = Run(4000, 9, s => Demand(s), _ => null, policy);
        Assert.True(own.Sum() <= (1.01 + Ledger.PodSlack) * hpa.Sum() + Ledger.GraceSteps * hpa.Max(), $"{own.Sum()} against {hpa.Sum()}");
    }

    private static int Missed(IReadOnlyList<int> replicas, Func<int, double> demand) => Enumerable.Range(0, replicas.Count - 1).Count(i => demand(i + 2) > 100 * replicas[i]);
}
