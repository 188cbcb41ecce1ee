using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using FsCheck.Fluent;
using static ControlPlane.Core.Tests.Scaling.Steps;

namespace ControlPlane.Core.Tests.Scaling;

/// <summary>What holds whatever is proposed: bounds, budget, and that missing signals take nothing away.</summary>
public sealed class GuardrailsTests
{
    private const int StepsPerHour = 240;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly SignalGate.Verdict All = new(MayScaleDown: true, HasDemand: true);

    /// <summary>Waves of demand and of forecasts, both by seed, up to far beyond what is allowed.</summary>
    [Fact]
    public void Decide_HardBudget_IsNeverOverspentInAnyPeriod() => Prop.ForAll(Gen.Choose(1, 9999).ToArbitrary(), Gen.Choose(2, 30).ToArbitrary(), (seed, hours) =>
    {
        var policy = Policy with { Budget = new BudgetPolicy { ReplicaHours = hours, Period = Hour } };
        var course = Run(4 * StepsPerHour, 2, Demand(seed), o => Foresee(o, Demand(seed)(o.Time.Minute) ?? 0), policy);
        for (var hour = 0; hour < 4; hour++)
        {
            // A step runs with what the step before it decided.
            var spent = Enumerable.Range(hour * StepsPerHour, StepsPerHour).Sum(step => step == 0 ? 2 : course[step - 1]) / (double)StepsPerHour;
            Assert.True(spent <= hours + 1e-9, $"hour {hour}: {spent} of {hours}");
        }
        Assert.All(course, replicas => Assert.InRange(replicas, Policy.MinReplicas, Policy.MaxReplicas));
    }).Holds(40);

    [Fact]
    public void Decide_HardBudgetThatIsSpent_LeavesTheMinimumUntilThePeriodEnds()
    {
        var policy = Policy with { Budget = new BudgetPolicy { ReplicaHours = 6, Period = Hour } };
        var course = Run(2 * StepsPerHour, 10, _ => 700, _ => null, policy);
        var spent = course.ToList().FindIndex(r => r == Policy.MinReplicas);
        // 10 until 4 hours over the minimum of 2 are used up: at half of the hour.
        Assert.InRange(spent, 118, 122);
        Assert.All(course[spent..(StepsPerHour - 1)], replicas => Assert.Equal(2, replicas));
        Assert.True(course[StepsPerHour + 20] >= 10);
    }

    [Fact]
    public void Decide_SoftBudget_ChangesNothingAndTellsIt()
    {
        var soft = Policy with { Budget = new BudgetPolicy { ReplicaHours = 6, Period = Hour, Enforcement = BudgetEnforcement.Soft } };
        Assert.Equal(Run(StepsPerHour, 10, _ => 700, _ => null).ToArray(), Run(StepsPerHour, 10, _ => 700, _ => null, soft).ToArray());

        var spent = new BudgetAccount { PeriodStart = Start, SpentHours = 6, CountedUntil = Start + Step };
        var (_, decision) = DecisionPipeline.Decide(DecisionState.Empty with { Budget = spent }, Input(Observe(2, 10, 700), policy: soft));
        Assert.Equal("over", Assert.Single(decision.Stages, s => s.Name == "budget").Rule);
    }

    [Fact]
    public void Decide_SpentBudget_SaysSo()
    {
        var policy = Policy with { Budget = new BudgetPolicy { Money = 0.6, PricePerReplicaHour = 0.1, Period = Hour } };
        var spent = new BudgetAccount { PeriodStart = Start, SpentHours = 6, CountedUntil = Start + Step };
        var (_, decision) = DecisionPipeline.Decide(DecisionState.Empty with { Budget = spent }, Input(Observe(2, 10, 1000), policy: policy));
        Assert.Equal((ReasonCode.BudgetSpent, 2), (decision.Reason, decision.DesiredReplicas));
        Assert.Equal($"scaled 10 → 2: {decision.RecommendedReplicas} are wanted, the budget of 6 replica-hours allows 2", DecisionReason.Sentence(decision));
    }

    [Fact]
    public void Decide_MissingSignals_TakeNothingAwayWhateverTheBudgetSays() => Prop.ForAll(Gen.Choose(1, 9999).ToArbitrary(), Gen.Choose(2, 20).ToArbitrary(), (seed, hours) =>
    {
        var policy = Policy with { Budget = new BudgetPolicy { ReplicaHours = hours, Period = Hour } };
        var demand = Demand(seed);
        bool IsMissing(int step) => (step * 2654435761u + (uint)seed) % 5 == 0;
        var course = Run(2 * StepsPerHour, 2, step => IsMissing(step) ? null : demand(step), _ => null, policy);
        for (var step = 2; step <= course.Length; step++)
            if (IsMissing(step)) Assert.True(course[step - 1] >= course[step - 2], $"step {step}");
    }).Holds(40);

    [Fact]
    public void Decide_ConstantLoadWithinTheBudget_NeverFlaps() => Prop.ForAll(Gen.Choose(50, 1500).ToArbitrary(), demand =>
    {
        var policy = Policy with { Budget = new BudgetPolicy { ReplicaHours = 40, Period = Hour } };
        var course = Run(600, 5, _ => demand, o => Foresee(o, demand), policy);
        Assert.Single(course.Skip(120).Distinct());
    }).Holds(40);

    [Theory]
    [InlineData(12, 20, ReasonCode.AboveMaximum, 14)]
    [InlineData(12, 13, ReasonCode.AboveMaximum, 13)]
    [InlineData(12, null, ReasonCode.AtMaximum, 12)]
    [InlineData(20, 30, ReasonCode.Reactive, 14)]
    public void Apply_MoreThanTheMaximumWanted_GoesAsFarAsTheBreachLimit(int max, int? breach, ReasonCode reason, int desired)
    {
        var policy = Policy with { MaxReplicas = max, BreachLimit = breach };
        var proposal = new Proposal(14, 14, null, IsPredicted: false);
        var answer = Guardrails.Apply(policy, PolicyBounds.At(policy, Start), All, 10, proposal, new StageList());
        Assert.Equal((desired, reason), answer);
    }

    [Theory]
    [InlineData(8, false, true, 10, ReasonCode.SignalsMissing)]
    [InlineData(8, true, true, 10, ReasonCode.Paused)]
    [InlineData(8, true, false, 8, ReasonCode.BudgetSpent)]
    public void Apply_SpentBudget_GivesWayToWhatKeepsReplicas(int budgeted, bool maySignals, bool isPaused, int desired, ReasonCode reason)
    {
        var policy = Policy with { PauseScaleDown = isPaused };
        var answer = Guardrails.Apply(policy, PolicyBounds.At(policy, Start), All with { MayScaleDown = maySignals }, 10, new Proposal(12, 12, null, false), new StageList(), null, budgeted);
        Assert.Equal((desired, reason), answer);
    }

    [Theory]
    [InlineData(0, 4, 94)] // three hours of 2 are kept
    [InlineData(96, 2, 2)] // all but the minimum is spent
    [InlineData(50, 1, 50)] // nothing has to be kept in the last hour
    [InlineData(99, 3, 2)] // overspent: the minimum runs all the same
    public void Allowed_HoursLeft_AreWhatTheMinimumDoesNotNeed(double spent, int left, int expected)
    {
        // Periods of four hours with 100 replica-hours, steps of an hour, at least 2 replicas.
        var policy = Policy with { Budget = new BudgetPolicy { ReplicaHours = 100, Period = 4 * Hour } };
        var account = new BudgetAccount { PeriodStart = Start, SpentHours = spent, CountedUntil = Start + (4 - left) * Hour };
        Assert.Equal(expected, account.Allowed(100, 4 * Hour, policy, Hour));
    }

    [Fact]
    public void Step_NewPeriod_StartsAtNothing()
    {
        var policy = Policy with { Budget = new BudgetPolicy { ReplicaHours = 100, Period = Hour } };
        var first = BudgetAccount.Step(null, policy, Observe(239, 10, 100), 10)!;
        Assert.Equal(10 / 240.0, first.SpentHours, 12);
        var second = BudgetAccount.Step(first, policy, Observe(241, 10, 100), 10)!;
        Assert.Equal(Start + Hour, second.PeriodStart);
        Assert.Equal(10 / 240.0, second.SpentHours, 12);
        Assert.Null(BudgetAccount.Step(second, Policy, Observe(242, 10, 100), 10));
    }

    private static Func<int, double?> Demand(int seed) => step => 400 + 380 * Math.Sin(step * (1 + seed % 7) / 40.0) + (step / 37 + seed) % 11 * 60;
}
