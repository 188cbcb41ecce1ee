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
    [InlineData(10, 10, 6500, 5000, 8, 10, "pods")]
    [InlineData(10, 10, 5500, 5000, 10, 10, null)]
    [InlineData(19, 10, 500, 600, 12, 12, "violations")]
    [InlineData(18, 10, 500, 600, 8, 8, null)]
    [InlineData(19, 10, 600, 500, 12, 12, "violations")]
    [InlineData(19, 10, 500, 600, 15, 15, null)]
    public void Judge_Accounts_LetThroughOrHold(long own, long hpa, long ownPods, long hpaPods, int expected, int asked, string? rule)
    {
        var reference = rule is null ? 10 : rule == "pods" ? 8 : 12;
        var replicas = rule == "violations" ? 8 : asked;
        var verdict = Ledger.Judge(new LedgerBooks(own, hpa, ownPods, hpaPods, 500), 0, replicas, reference, Lead);
        Assert.Equal((expected, rule), (verdict.Replicas, verdict.Rule));
    }

    /// <summary>At a peak the present replicas are many times the usual ones.</summary>
    [Theory]
    [InlineData(10_200, 80, 50)]
    [InlineData(10_110, 60, 60)]
    public void Judge_PodsAtAPeak_AreHeldByTheUsualReplicas(long ownPods, int asked, int expected) =>
        Assert.Equal(expected, Ledger.Judge(new LedgerBooks(0, 0, ownPods, 10_000, 20_000), 0, asked, 50, Lead).Replicas);

    [Fact]
    public void Judge_BehindOnce_KeepsTheFloorForSomeStartups()
    {
        var verdict = Ledger.Judge(new LedgerBooks(9, 0, 0, 1000, 100), 0, 3, 9, Lead);
        for (var step = 1; step < Ledger.LeadsOfFloor * (Lead + 1); step++)
        {
            verdict = Ledger.Judge(new LedgerBooks(8, 0, 0, 1000, 100), verdict.FloorSteps, 3, 9, Lead);
            Assert.Equal(9, verdict.Replicas);
        }
        Assert.Equal(3, Ledger.Judge(new LedgerBooks(8, 0, 0, 1000, 100), verdict.FloorSteps, 3, 9, Lead).Replicas);
    }

    [Fact]
    public void Judge_RandomWishes_NeverTakesClearlyMorePodsThanTheHpa()
    {
        var steps = Gen.Choose(1, 40).Two().ListOf(600);
        Prop.ForAll(steps.ToArbitrary(), wishes =>
        {
            var (books, floor) = (default(LedgerBooks), 0);
            foreach (var (wish, reference) in wishes)
            {
                var verdict = Ledger.Judge(books, floor, wish, reference, Lead);
                floor = verdict.FloorSteps;
                books = books.With(verdict.Replicas < 20, reference < 20, verdict.Replicas, reference);
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
