using ControlPlane.Core.Healing;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using FsCheck.Fluent;
using static ControlPlane.Core.Tests.Scaling.Steps;

namespace ControlPlane.Core.Tests.Scaling;

public sealed class ZeroScalingTests
{
    /// <summary>Zero after four steps without demand.</summary>
    private static readonly PolicyDocument Zero = Policy with { ScaleToZero = new ScaleToZeroPolicy { Enabled = true, After = 4 * Step, Activation = 1 } };

    [Fact]
    public void Decide_NoDemandForTheTime_GoesToZeroAndComesBackWithIt()
    {
        var course = Run(30, 2, step => step is > 5 and < 20 ? 0.5 : 100, _ => null, Zero);
        Assert.All(course[..8], replicas => Assert.Equal(2, replicas)); // steps 1 to 8
        Assert.All(course[8..19], replicas => Assert.Equal(0, replicas)); // from the fourth without demand on
        Assert.All(course[19..], replicas => Assert.Equal(2, replicas));
    }

    [Fact]
    public void Decide_DemandUnknownAtZeroForAMinute_ComesBack()
    {
        var course = Run(22, 2, step => step is < 12 or 14 ? 0 : null, _ => null, Zero);
        Assert.All(course[4..17], replicas => Assert.Equal(0, replicas)); // unknown in steps 12 and 13, and from 15 on
        Assert.Equal(2, course[17]);
    }

    /// <summary>The demand is measured in the pods alone: each time the wait for zero is twice as long.</summary>
    [Fact]
    public void Decide_DemandNeverKnownAtZero_DoesNotComeAndGoForEver()
    {
        var (state, replicas, ends) = (DecisionState.Empty, 2, new List<int>());
        for (var step = 1; step <= 400; step++)
        {
            (state, var decision) = DecisionPipeline.Decide(state, Input(Observe(step, replicas, replicas == 0 ? null : 0), policy: Zero, sequence: step));
            if (decision.DesiredReplicas == 0 && replicas > 0) ends.Add(step);
            replicas = decision.DesiredReplicas!.Value;
        }

        Assert.Equal([4, 4 + 4 + 8, 16 + 4 + 16, 36 + 4 + 32], ends[..4]);
        Assert.InRange(ends.Count, 4, 7);
    }

    [Fact]
    public void Decide_RealDemandAfterBlindOnes_ResetsTheWait()
    {
        var blind = new IdleState { IsOurs = true, Blind = 3 };
        var (after, decision) = DecisionPipeline.Decide(DecisionState.Empty with { Idle = blind }, Input(Observe(1, 0, 30), policy: Zero));
        Assert.Equal((2, 0), (decision.DesiredReplicas!.Value, after.Idle!.Blind));
    }

    /// <summary>A person sets the replicas to zero while the policy only recommends it; then the policy acts.</summary>
    [Fact]
    public void Decide_ZeroByHandInRecommend_IsLeftAloneInAuto()
    {
        var (state, recommend) = (DecisionState.Empty, Zero with { Mode = PolicyMode.Recommend });
        for (var step = 1; step <= 10; step++)
        {
            (state, var decision) = DecisionPipeline.Decide(state, Input(Observe(step, 3, 0), policy: recommend, sequence: step));
            if (step >= 4) Assert.Equal((ReasonCode.Idle, 0), (decision.Reason, decision.DesiredReplicas));
        }

        foreach (var (step, policy) in new[] { (11, recommend), (12, Zero), (13, Zero) })
        {
            (state, var decision) = DecisionPipeline.Decide(state, Input(Observe(step, 0, 500), policy: policy, sequence: step));
            Assert.Equal((ReasonCode.ScaledToZero, 0), (decision.Reason, decision.DesiredReplicas));
        }
    }

    [Fact]
    public void Refused_DecisionToGoToZero_ZeroByHandIsNotTakenForOurs()
    {
        var (state, decision) = DecisionPipeline.Decide(DecisionState.Empty with { Idle = new IdleState { Since = Start - TimeSpan.FromHours(1) } }, Input(Observe(1, 4, 0), policy: Zero));
        Assert.Equal(0, decision.DesiredReplicas);
        var (_, ours) = DecisionPipeline.Decide(state, Input(Observe(2, 0, 500), policy: Zero));
        var (_, theirs) = DecisionPipeline.Decide(DecisionPipeline.Refused(state, decision), Input(Observe(2, 0, 500), policy: Zero));
        Assert.Equal((ReasonCode.Activated, ReasonCode.ScaledToZero), (ours.Reason, theirs.Reason));
    }

    /// <summary>The write lands after demand was seen again, or after a crash and a long while.</summary>
    [Theory]
    [InlineData(false, 4, true)]
    [InlineData(true, 240, true)]
    [InlineData(false, 40, false)] // replicas were seen for ten minutes: nothing of ours is on its way any more
    public void Decide_WriteToZeroLandsLate_IsOurs(bool isCrash, int steps, bool isOurs)
    {
        var (state, _) = DecisionPipeline.Decide(DecisionState.Empty with { Idle = new IdleState { Since = Start - TimeSpan.FromHours(1) } }, Input(Observe(1, 4, 0), policy: Zero));
        for (var step = 2; !isCrash && step <= steps; step++) (state, _) = DecisionPipeline.Decide(state, Input(Observe(step, 4, 300), policy: Zero, sequence: step));
        var (_, decision) = DecisionPipeline.Decide(state.AfterRestart(), Input(Observe(steps + 1, 0, 300), policy: Zero));
        Assert.Equal(isOurs ? ReasonCode.Activated : ReasonCode.ScaledToZero, decision.Reason);
    }

    [Fact]
    public void Decide_DemandUnknownBefore_StartsTheTimeAnew()
    {
        var course = Run(12, 2, step => step == 4 ? null : 0, _ => null, Zero);
        Assert.Equal([2, 2, 2, 2, 2, 2, 2, 0, 0], course[..9].ToArray());
    }

    [Fact]
    public void Decide_ZeroByHand_IsLeftAlone()
    {
        var (state, decision) = DecisionPipeline.Decide(DecisionState.Empty, Input(Observe(1, 0, 500), policy: Zero));
        Assert.Equal((ReasonCode.ScaledToZero, ScalingAction.Hold), (decision.Reason, decision.Action));
        Assert.Null(state.Idle);
    }

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    public void Decide_PauseHealingOrScheduleWindow_KeepReplicas(bool isPaused, bool isHealed, bool hasWindow)
    {
        var policy = Zero with { PauseScaleDown = isPaused, Schedule = hasWindow ? [new ScheduleWindow { From = new(0, 0), To = new(12, 0), MinReplicas = 3 }] : [] };
        var idle = new IdleState { Since = Start - TimeSpan.FromHours(1) };
        var guard = isHealed ? new ScaleInGuard(Holds: true, Floor: null) : null;
        var (_, decision) = DecisionPipeline.Decide(DecisionState.Empty with { Idle = idle }, Input(Observe(1, 4, 0), policy: policy) with { Guard = guard });
        Assert.True(decision.DesiredReplicas >= 2);
        Assert.NotEqual(ReasonCode.Idle, decision.Reason);
    }

    [Fact]
    public void Decide_PolicyNoLongerScalesToZero_ComesBack()
    {
        var ours = DecisionState.Empty with { Idle = new IdleState { IsOurs = true } };
        var (_, decision) = DecisionPipeline.Decide(ours.AfterRestart(), Input(Observe(1, 0, 0), policy: Policy));
        Assert.Equal((2, ReasonCode.Activated), (decision.DesiredReplicas, decision.Reason));
    }

    [Fact]
    public void Sentence_IdleAndActivated_SayHowLongAndHowMuch()
    {
        var idle = DecisionState.Empty with { Idle = new IdleState { Since = Start + Step - TimeSpan.FromMinutes(12) } };
        var (after, down) = DecisionPipeline.Decide(idle, Input(Observe(1, 4, 0), policy: Zero));
        var (_, up) = DecisionPipeline.Decide(after, Input(Observe(2, 0, 30), policy: Zero));
        Assert.Equal("scaled 4 → 0: there has been no demand for 12 min", DecisionReason.Sentence(down));
        Assert.Equal("scaled 0 → 2: there is demand again, 30 req/s", DecisionReason.Sentence(up));
    }

    [Fact]
    public void Decide_ZeroReplicas_SpendNoBudget()
    {
        var policy = Zero with { Budget = new BudgetPolicy { ReplicaHours = 100 } };
        var state = DecisionState.Empty;
        var replicas = 2;
        for (var step = 1; step <= 100; step++)
        {
            (state, var decision) = DecisionPipeline.Decide(state, Input(Observe(step, replicas, step < 100 ? 0 : 50), policy: policy, sequence: step));
            replicas = decision.DesiredReplicas!.Value;
        }
        Assert.Equal(2, replicas);
        Assert.Equal(4 * 2 / 240.0, state.Budget!.SpentHours, 9);
    }

    [Fact]
    public void Decide_AnyDemand_IsZeroOnlyWithoutIt() => Prop.ForAll(Gen.Choose(1, 9999).ToArbitrary(), seed =>
    {
        double? Demand(int step) => (step / 9 + seed) % 3 == 0 ? (step + seed) % 13 == 0 ? null : 0.5 : 150;
        var course = Run(300, 2, Demand, o => Foresee(o, 150), Zero);
        for (var step = 1; step <= course.Length; step++)
            if (course[step - 1] == 0) Assert.False(Demand(step) > 1, $"step {step}");
    }).Holds(40);
}
