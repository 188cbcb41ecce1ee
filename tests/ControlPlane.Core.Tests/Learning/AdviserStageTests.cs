using ControlPlane.Core.Learning;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using FsCheck.Fluent;
using static ControlPlane.Core.Tests.Scaling.Steps;

namespace ControlPlane.Core.Tests.Learning;

public sealed class AdviserStageTests
{
    private static readonly PolicyDocument Acting = Policy with { Adviser = AdviserMode.Act, Objective = new ObjectivePolicy { RequestsPerSecondPerReplica = 100 } };

    private static readonly FsCheck.Gen<(int Demand, int Center, int Spread, double Factor, double Headroom, bool IsReleased)> AnyStep =
        from demand in Gen.Choose(0, 4000)
        from center in Gen.Choose(0, 4000)
        from spread in Gen.Choose(0, 300)
        from factor in Gen.Elements(double.NaN, -3, 0, 0.25, 0.5, 1, 4, 1e9)
        from headroom in Gen.Elements(double.PositiveInfinity, -1, 0, 0.05, 0.1, 7)
        from released in Gen.Elements(true, false)
        select (demand, center, spread, factor, headroom, released);

    /// <summary>In shadow, or unproven, every decision is the one without an adviser but for the stage that tells of it.</summary>
    [Fact]
    public void Decide_AdviserInShadow_ChangesNothing()
    {
        Prop.ForAll(Gen.ListOf(AnyStep, 60).ToArbitrary(), Gen.Elements(AdviserMode.Off, AdviserMode.Shadow, AdviserMode.Act).ToArbitrary(), (steps, mode) =>
        {
            var (plain, advised, replicas, number) = (DecisionState.Empty, DecisionState.Empty, 9, 0L);
            foreach (var step in steps)
            {
                number++;
                var observation = Observe((int)number, replicas, step.Demand);
                var input = Input(observation, Foresee(observation, step.Center, step.Spread), Acting with { Adviser = AdviserMode.Off }, number);
                var asked = input with { Policy = Acting with { Adviser = mode }, Advice = Say(step.Factor, step.Headroom, step.IsReleased) };
                (plain, var without) = DecisionPipeline.Decide(plain, input);
                (advised, var with) = DecisionPipeline.Decide(advised, asked);
                Assert.Equal(CoreJson.ToBytes(without), CoreJson.ToBytes(with with { Stages = with.Stages.RemoveAll(s => s.Name == AdviserMove.Stage) }));
                Assert.Equal(CoreJson.ToBytes(plain), CoreJson.ToBytes(advised with { Adviser = null }));
                Assert.Equal(mode != AdviserMode.Off, with.Stages.Any(s => s.Name == AdviserMove.Stage));
                replicas = without.DesiredReplicas ?? replicas;
            }
        }).Holds(60);
    }

    [Fact]
    public void Decide_ProvenAdviser_ActsWithinTheSafeSetAndReplays()
    {
        Prop.ForAll(Gen.ListOf(AnyStep, 60).ToArbitrary(), steps =>
        {
            var (state, replicas, number) = (DecisionState.Empty, 9, 0L);
            foreach (var step in steps)
            {
                number++;
                var observation = Observe((int)number, replicas, step.Demand);
                var input = Input(observation, Foresee(observation, step.Center, step.Spread), Acting, number) with { Advice = Say(step.Factor, step.Headroom, true) };
                var before = Proven(state);
                (state, var decision) = DecisionPipeline.Decide(before, input);
                Assert.True(new DecisionRecord { Before = before, Input = input, Decision = decision }.IsReproducible());
                Assert.InRange(decision.DesiredReplicas!.Value, Math.Min(replicas, Acting.MinReplicas), Acting.MaxReplicas);
                if (Stage(decision, "predictive") is { } predictive)
                {
                    var share = state.Ledger!.Terms(LeadOf(observation)).PriceShare;
                    var cost = predictive.Inputs.Single(i => i.Name == "violation_cost").Value!.Value;
                    Assert.InRange(cost, SafeSet.LeastPriceFactor * 100 * share - 1e-9, SafeSet.MostPriceFactor * 100 + 1e-9);
                }

                replicas = decision.DesiredReplicas ?? replicas;
            }
        }).Holds(60);
    }

    [Theory]
    [InlineData(4, 0, 13)]
    [InlineData(1, 0.05, 13)]
    [InlineData(1, 0, 12)]
    public void Decide_ProvenAdviser_MovesTheTarget(double factor, double headroom, int expected)
    {
        var state = DecisionState.Empty;
        DecisionStage? predictive = null;
        for (var number = 1; number <= 3; number++)
        {
            var observation = Observe(number, 12, 1000);
            var input = Input(observation, Foresee(observation, 1000, 70), Acting, number) with { Advice = Say(factor, headroom, true) };
            (state, var decision) = DecisionPipeline.Decide(Proven(state), input);
            predictive = Stage(decision, "predictive");
            Assert.Equal(number > 1, Stage(decision, AdviserMove.Stage) is { Rule: null });
        }

        Assert.Equal(expected, predictive!.Output);
    }

    /// <summary>Without a move both courses are the same: the account of an adviser that says nothing is empty.</summary>
    [Fact]
    public void Decide_AdviserThatSaysNothing_SavesAndCostsNothing()
    {
        var (state, replicas) = (DecisionState.Empty, 9);
        for (var number = 1; number <= 400; number++)
        {
            var observation = Observe(number, replicas, 900 + 500 * Math.Sin(number / 100.0));
            var input = Input(observation, Foresee(observation, observation.Demand!.Value, 40), Acting, number) with { Advice = Say(1, 0, true) };
            (state, var decision) = DecisionPipeline.Decide(state, input);
            if (decision.Action != ScalingAction.Hold) state = DecisionPipeline.Confirm(state, decision, Acting.Behavior);
            replicas = decision.DesiredReplicas!.Value;
            Assert.InRange(state.Adviser!.Without.Replicas, 0.7 * replicas, 1.5 * replicas);
        }

        Assert.True(state.Adviser!.Trial.CostWithout > 400);
        Assert.Equal(state.Adviser.Trial.CostWithout, state.Adviser.Trial.CostWith);
    }

    [Fact]
    public void Decide_AnotherAdviser_BeginsANewAccount()
    {
        var state = DecisionState.Empty;
        for (var number = 1; number <= 20; number++)
        {
            var observation = Observe(number, 12, 1000);
            var input = Input(observation, Foresee(observation, 1000), Acting, number) with { Advice = Say(1, 0, true) with { Model = number < 20 ? "adviser-table/1.0.0" : "adviser-table/1.0.1" } };
            state = DecisionPipeline.Decide(state, input).State;
        }

        Assert.Equal((AdviserTrial.Empty.CostWith, "adviser-table/1.0.1"), (state.Adviser!.Trial.CostWith, state.Adviser.Model));
    }

    private static int LeadOf(Core.Metrics.Observation observation) => DecisionPipeline.LeadSteps(observation, Acting);

    private static DecisionStage? Stage(ScalingDecision decision, string name) => decision.Stages.FirstOrDefault(s => s.Name == name);

    private static DecisionState Proven(DecisionState state) =>
        state.Adviser is { } adviser ? state with { Adviser = adviser with { Trial = adviser.Trial with { Standing = AdviserStanding.Proven } } } : state;

    private static Advice Say(double factor, double headroom, bool isReleased) =>
        new() { Model = "adviser-table/1.0.0", Move = new AdviserMove(factor, headroom), IsNew = true, IsReleased = isReleased };
}
