using System.Collections.Immutable;
using System.Text.Json;
using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using ControlPlane.Core.Scaling.Hpa;
using FsCheck.Fluent;
using static ControlPlane.Core.Tests.Scaling.Steps;

namespace ControlPlane.Core.Tests.Scaling;

public sealed class DecisionPipelineTests
{
    [Fact]
    public void Decide_ForecastAboveCapacity_ScalesUpBeforeTheDemandIsThere()
    {
        var observation = Observe(1, 4, 200);
        var (_, decision) = DecisionPipeline.Decide(Learnt(), Input(observation, Foresee(observation, 500)));

        Assert.Equal((ScalingAction.ScaleUp, ReasonCode.Predicted, 7), (decision.Action, decision.Reason, decision.DesiredReplicas));
        Assert.Equal("test/1.0.0", decision.Model);
        Assert.Equal("scaled 4 → 7: p90 demand in 60 s is 505 req/s, 85 req/s per replica at the objective", DecisionReason.Sentence(decision));
    }

    [Theory]
    [InlineData(ForecastStatus.Failed)]
    [InlineData(ForecastStatus.WarmingUp)]
    public void Decide_NoForecast_IsTheHpasAnswer(ForecastStatus status)
    {
        var observation = Observe(1, 4, 380);
        var forecast = new Forecast { Workload = Workload, IssuedAt = observation.Time, Step = Step, Status = status, Model = "test", ModelVersion = "1.0.0" };
        AssertReactive(observation, forecast);
        AssertReactive(observation, null);
        AssertReactive(observation, Foresee(observation, 900) with { IssuedAt = observation.Time - Step });
        AssertReactive(observation, Foresee(observation, 900) with { Coverage = 0.5 });
    }

    [Fact]
    public void Decide_PredictionSwitchedOff_IsTheHpasAnswerAtEveryStep()
    {
        var policy = Policy with { Predictive = new PredictivePolicy { Enabled = false } };
        double? Demand(int step) => 300 + 250 * Math.Sin(step / 30.0);
        var ours = Run(400, 5, Demand, o => Foresee(o, 5000), policy);

        var (state, replicas, hpa) = (HpaState.Initial(Start + Step, 5), 5, ImmutableArray.CreateBuilder<int>());
        for (var step = 1; step <= 400; step++)
        {
            var result = HpaAlgorithm.Evaluate(state, Observe(step, replicas, Demand(step)), policy.Reactive, policy.Behavior, 2, 50, Start + step * Step);
            state = result.State;
            if (result.Desired is { } desired && desired != replicas)
            {
                state = HpaAlgorithm.RecordScale(state, Start + step * Step, replicas, desired, policy.Behavior);
                replicas = desired;
            }
            hpa.Add(replicas);
        }
        Assert.Equal(hpa.ToArray(), ours.ToArray());
        Assert.True(ours.Distinct().Count() > 4);
    }

    [Theory]
    [InlineData(PolicyMode.Off, 4, ReasonCode.PolicyOff)]
    [InlineData(PolicyMode.Auto, null, ReasonCode.ReplicasUnknown)]
    [InlineData(PolicyMode.Auto, 0, ReasonCode.ScaledToZero)]
    public void Decide_NothingToDecide_Holds(PolicyMode mode, int? replicas, ReasonCode reason)
    {
        var observation = Observe(1, 4, 390) with { CurrentReplicas = replicas };
        var (_, decision) = DecisionPipeline.Decide(Learnt(), Input(observation, Foresee(observation, 900), Policy with { Mode = mode }));
        Assert.Equal((ScalingAction.Hold, reason, replicas), (decision.Action, decision.Reason, decision.DesiredReplicas));
    }

    [Fact]
    public void Decide_Recommend_DecidesButIsNotActionable()
    {
        var observation = Observe(1, 4, 200);
        var (_, decision) = DecisionPipeline.Decide(Learnt(), Input(observation, Foresee(observation, 500), Policy with { Mode = PolicyMode.Recommend }));
        Assert.False(decision.IsActionable);
        Assert.StartsWith("would scale 4 → 7", DecisionReason.Sentence(decision), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, false, 500, ReasonCode.Paused)]
    [InlineData(false, true, 20, ReasonCode.Paused)]
    public void Decide_PausedDirection_Holds(bool up, bool down, double forecast, ReasonCode reason)
    {
        var policy = Policy with { PauseScaleUp = up, PauseScaleDown = down };
        var course = Run(60, 10, _ => 400, o => Foresee(o, forecast * 2), policy);
        Assert.All(course, replicas => Assert.Equal(10, replicas));
        var observation = Observe(1, 10, 400);
        if (up) Assert.Equal(reason, DecisionPipeline.Decide(Learnt(), Input(observation, Foresee(observation, 2000), policy)).Decision.Reason);
    }

    [Fact]
    public void Decide_AboveMaximum_IsBroughtWithinBoundsEvenWithoutSignals()
    {
        var (_, decision) = DecisionPipeline.Decide(Learnt(), Input(Observe(1, 60, null)));
        Assert.Equal((50, ReasonCode.OutOfBounds), (decision.DesiredReplicas!.Value, decision.Reason));
    }

    [Fact]
    public void Decide_RandomInputs_KeepsItsInvariants()
    {
        var steps =
            from replicas in Gen.Choose(1, 60)
            from demand in Gen.OneOf(Gen.Constant<double?>(null), Gen.Choose(0, 6000).Select(d => (double?)d))
            from center in Gen.Choose(0, 8000)
            from spread in Gen.Choose(0, 900)
            from failing in Gen.Choose(0, 3)
            select (replicas, demand, center, spread, failing);
        var runs = from list in Gen.ListOf(steps, 30) from min in Gen.Choose(1, 9) from extra in Gen.Choose(0, 40) select (list, min, extra);

        Prop.ForAll(runs.ToArbitrary(), run =>
        {
            var policy = Policy with { MinReplicas = run.min, MaxReplicas = run.min + run.extra };
            var state = DecisionState.Empty;
            foreach (var ((replicas, demand, center, spread, failing), step) in run.list.Select((s, i) => (s, i + 1)))
            {
                var observation = Observe(step, replicas, demand);
                var before = state;
                var input = Input(observation, failing == 0 ? null : Foresee(observation, center, spread), policy, step);
                (state, var decision) = DecisionPipeline.Decide(before, input);

                Assert.InRange(decision.DesiredReplicas!.Value, policy.MinReplicas, policy.MaxReplicas);
                if (demand is null) Assert.True(decision.DesiredReplicas >= Math.Min(replicas, policy.MaxReplicas));
                Assert.True(state.RecentTargets.Length <= TrendGate.MaxTargets);
                Assert.True(ReadBack(new DecisionRecord { Before = before, Input = input, Decision = decision }).IsReproducible());
            }
        }).Holds(300);
    }

    [Fact]
    public void Decide_ConstantLoad_NeverFlaps()
    {
        Prop.ForAll(Gen.Choose(60, 3000).ToArbitrary(), demand =>
        {
            var course = Run(200, 20, _ => demand, o => Foresee(o, demand));
            Assert.Single(course.Skip(60).Distinct());
        }).Holds(60);
    }

    [Fact]
    public void Decide_MoreForecastDemand_NeverGivesFewerReplicas()
    {
        Prop.ForAll(Gen.Choose(0, 3000).Two().ToArbitrary(), pair =>
        {
            var observation = Observe(1, 10, 500);
            int Desired(int demand) => DecisionPipeline.Decide(Learnt(), Input(observation, Foresee(observation, demand))).Decision.DesiredReplicas!.Value;
            Assert.True(Desired(Math.Min(pair.Item1, pair.Item2)) <= Desired(Math.Max(pair.Item1, pair.Item2)));
        }).Holds(200);
    }

    [Fact]
    public void Decide_FallingDemand_ReleasesBeforeTheHpasWindow()
    {
        double Demand(int step) => step < 40 ? 1000 : 300;
        var predicted = Run(60, 10, s => Demand(s), o => Foresee(o, o.Demand!.Value, 3));
        var reactive = Run(60, 10, s => Demand(s), _ => null);
        Assert.True(predicted[^1] < predicted[38]);
        Assert.True(predicted[50] < reactive[50]);
    }

    [Fact]
    public void AfterRestart_HighReplicasAndLowDemand_NothingIsRemovedBeforeTheWindow()
    {
        var state = DecisionState.Empty;
        for (var step = 1; step <= 30; step++)
            (state, _) = DecisionPipeline.Decide(state, Input(Observe(step, 20, 200), null, null, step));
        state = state.AfterRestart();
        var (_, decision) = DecisionPipeline.Decide(state, Input(Observe(31, 20, 200)));
        Assert.Equal((20, ReasonCode.Stabilized), (decision.DesiredReplicas!.Value, decision.Reason));
    }

    [Fact]
    public void Replay_ChangedRecord_IsNotReproducible()
    {
        var observation = Observe(1, 4, 200);
        var input = Input(observation, Foresee(observation, 500));
        var record = new DecisionRecord { Before = Learnt(), Input = input, Decision = DecisionPipeline.Decide(Learnt(), input).Decision };
        Assert.True(record.IsReproducible());
        Assert.False((record with { Input = input with { Observation = observation with { CurrentReplicas = 5 } } }).IsReproducible());
    }

    private static void AssertReactive(Observation observation, Forecast? forecast)
    {
        var (_, decision) = DecisionPipeline.Decide(Learnt(), Input(observation, forecast));
        var hpa = HpaAlgorithm.Evaluate(HpaState.Initial(observation.Time, 4), observation, Policy.Reactive, Policy.Behavior, 2, 50, observation.Time);
        Assert.Equal(hpa.Desired, decision.DesiredReplicas);
        Assert.Equal(6, decision.DesiredReplicas);
        Assert.Null(decision.Model);
    }

    private static DecisionRecord ReadBack(DecisionRecord record) => JsonSerializer.Deserialize<DecisionRecord>(CoreJson.ToBytes(record), CoreJson.Options)!;

    private static DecisionState Learnt() => new() { SaturationPerReplica = SaturationPerPod };
}
