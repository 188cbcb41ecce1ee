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
    public void Decide_DemandUnknownAtZero_ComesBack()
    {
        var course = Run(20, 2, step => step < 15 ? 0 : null, _ => null, Zero);
        Assert.Equal((0, 2), (course[13], course[14]));
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
            if (course[step - 1] == 0) Assert.True(Demand(step) <= 1, $"step {step}");
    }).Holds(40);
}
