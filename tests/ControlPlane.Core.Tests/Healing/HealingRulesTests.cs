using ControlPlane.Core.Anomalies.Health;
using ControlPlane.Core.Healing;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using ControlPlane.Core.Tests.Anomalies.Health;
using ControlPlane.Core.Tests.Scaling;
using FsCheck.Fluent;

namespace ControlPlane.Core.Tests.Healing;

public sealed class HealingRulesTests
{
    private static readonly HealingAnswer Granted = new(true, HealingReason.PodFault);

    [Fact]
    public void Decide_NothingWrong_DoesNothing()
    {
        var (state, decision) = HealingRules.Decide(HealingState.Empty, Input(null));
        Assert.Equal((HealingAction.None, HealingReason.Healthy, false), (decision.Action, decision.Reason, decision.HoldsScaleIn));
        Assert.Null(state.HoldingSince);
        Assert.Null(ScaleInGuard.Of(decision));
    }

    [Fact]
    public void Decide_FaultyPod_IsEvictedWithPermissionAndHoldsScaleIn()
    {
        var input = Input(Report(Fault("web-1")));
        Assert.Equal("web-1", HealingRules.Wish(HealingState.Empty, input)!.Pod);
        var (state, decision) = HealingRules.Decide(HealingState.Empty, input with { Answer = Granted });
        Assert.Equal((HealingAction.EvictPod, HealingReason.PodFault, true, true), (decision.Action, decision.Reason, decision.HoldsScaleIn, decision.IsActionable));
        Assert.Equal("web-1", Assert.Single(state.Evictions).Pod);
        Assert.StartsWith("evicts web-1: the pod's fault is Errors (web-1 fails)", decision.Sentence());
        Assert.True(new HealingRecord { Before = HealingState.Empty, Input = input with { Answer = Granted }, Decision = decision }.IsReproducible());
    }

    [Theory]
    [InlineData(PolicyMode.Recommend)]
    [InlineData(PolicyMode.Off)]
    public void Decide_NotAuto_AsksNobodyAndRemembersNoDeed(PolicyMode mode)
    {
        var input = Input(Report(Fault("web-1")), policy: Steps.Policy with { Mode = mode });
        Assert.Null(HealingRules.Wish(HealingState.Empty, input));
        var (state, decision) = HealingRules.Decide(HealingState.Empty, input with { Answer = Granted });
        Assert.False(decision.IsActionable);
        Assert.Empty(state.Evictions);
        Assert.Equal(mode == PolicyMode.Off ? HealingAction.None : HealingAction.EvictPod, decision.Action);
    }

    [Fact]
    public void Decide_Disabled_DoesNothing()
    {
        var decision = Decide(Report(Fault("web-1")), Steps.Policy with { Healing = new HealingPolicy { Enabled = false } });
        Assert.Equal((HealingAction.None, HealingReason.Disabled, false), (decision.Action, decision.Reason, decision.HoldsScaleIn));
    }

    [Theory]
    [InlineData(CommonCause.Dependency)]
    [InlineData(CommonCause.Release)]
    public void Decide_CommonCause_HoldsScaleInOnceAndTouchesNoPod(CommonCause cause)
    {
        var report = Report(Fault("web-1"), Fault("web-2"), Fault("web-3")) with { Cause = cause };
        var (state, first) = HealingRules.Decide(HealingState.Empty, Input(report) with { Answer = Granted });
        Assert.Equal((HealingAction.HoldScaleIn, HealingReason.CommonCause, true), (first.Action, first.Reason, first.HoldsScaleIn));
        for (var step = 1; step < 10; step++)
        {
            (state, var next) = HealingRules.Decide(state, Input(report, step) with { Answer = Granted });
            Assert.Equal((HealingAction.None, true), (next.Action, next.HoldsScaleIn));
        }

        Assert.Empty(state.Evictions);
    }

    [Fact]
    public void Decide_BadInput_DoesNothingButHold()
    {
        var decision = Decide(new HealthReport { Cause = CommonCause.Input });
        Assert.Equal((HealingAction.None, true), (decision.Action, decision.HoldsScaleIn));
    }

    [Fact]
    public void Decide_OddPod_IsLeftAlone()
    {
        var decision = Decide(Report(Fault("web-1") with { Kind = PodFaultKind.Odd }));
        Assert.Equal((HealingAction.None, HealingReason.Harmless, false), (decision.Action, decision.Reason, decision.HoldsScaleIn));
    }

    [Fact]
    public void Decide_HoldThatLasts_EndsAfterAnHour()
    {
        var state = HealingState.Empty;
        var report = new HealthReport { Cause = CommonCause.Dependency };
        var held = 0;
        for (var step = 0; step < 300; step++)
        {
            (state, var decision) = HealingRules.Decide(state, Input(report, step));
            held += decision.HoldsScaleIn ? 1 : 0;
        }

        Assert.Equal(HealingRules.LongestHold / Steps.Step, held);
    }

    [Fact]
    public void Decide_NoPermission_MarksThePodOnce()
    {
        var refused = new HealingAnswer(false, HealingReason.ClusterCause, "5 workloads");
        var (state, first) = HealingRules.Decide(HealingState.Empty, Input(Report(Fault("web-1"))) with { Answer = refused });
        Assert.Equal((HealingAction.PreferForRemoval, HealingReason.ClusterCause), (first.Action, first.Reason));
        var (_, second) = HealingRules.Decide(state, Input(Report(Fault("web-1")), 1) with { Answer = refused });
        Assert.Equal((HealingAction.None, HealingReason.ClusterCause), (second.Action, second.Reason));
    }

    [Fact]
    public void Decide_SamePodAgain_IsNotEvictedTwice()
    {
        var (state, _) = HealingRules.Decide(HealingState.Empty, Input(Report(Fault("web-1"))) with { Answer = Granted });
        var (_, again) = HealingRules.Decide(state, Input(Report(Fault("web-1")), 8) with { Answer = Granted });
        Assert.Equal((HealingAction.None, HealingReason.AlreadyDone), (again.Action, again.Reason));
    }

    [Fact]
    public void Decide_AnotherPodSoonAfter_CoolsDown()
    {
        var (state, _) = HealingRules.Decide(HealingState.Empty, Input(Report(Fault("web-1"))) with { Answer = Granted });
        var (_, next) = HealingRules.Decide(state, Input(Report(Fault("web-2")), 1) with { Answer = Granted });
        Assert.Equal((HealingAction.None, HealingReason.CoolingDown, true), (next.Action, next.Reason, next.HoldsScaleIn));
        var (_, later) = HealingRules.Decide(state, Input(Report(Fault("web-2")), 5) with { Answer = Granted });
        Assert.Equal(HealingAction.EvictPod, later.Action);
    }

    [Fact]
    public void Decide_SuccessorsAlike_StopsAfterThree()
    {
        var state = HealingState.Empty;
        var evicted = 0;
        for (var step = 0; step < 200; step++)
        {
            var fault = Fault($"web-{step}") with { Node = $"node-{step}" };
            (state, var decision) = HealingRules.Decide(state, Input(Report(fault), step) with { Answer = Granted });
            evicted += decision.Action == HealingAction.EvictPod ? 1 : 0;
        }

        Assert.Equal(3, evicted);
        Assert.True(state.Marks.Length <= Steps.Policy.Healing.EvictionsPerHour);
    }

    [Theory]
    [InlineData(10, 8, true, false)]
    [InlineData(10, 7, true, false)]
    [InlineData(10, 7, false, true)]
    [InlineData(10, 8, false, true)]
    [InlineData(10, 6, false, false)]
    [InlineData(10, 9, true, true)]
    [InlineData(2, 2, true, true)]
    [InlineData(2, 1, true, false)]
    public void Decide_Budget_IsKept(int wanted, int ready, bool isReady, bool goes)
    {
        // A quarter of 10, rounded up, is 3; an unready pod that goes makes none unavailable.
        var policy = Steps.Policy with { Healing = new HealingPolicy { MaxUnavailable = 0.25 } };
        var input = Input(Report(Fault("web-1") with { IsReady = isReady }), policy: policy) with { Answer = Granted };
        input = input with { Observation = input.Observation with { CurrentReplicas = wanted, ReadyReplicas = ready } };
        var decision = HealingRules.Decide(HealingState.Empty, input).Decision;
        var fits = wanted - ready + (isReady ? 1 : 0) <= (int)Math.Ceiling(0.25 * wanted);
        Assert.Equal(fits, decision.Action == HealingAction.EvictPod);
        if (!goes && !fits) Assert.Equal(HealingReason.BudgetSpent, decision.Reason);
    }

    [Fact]
    public void Decide_ReplicasUnknown_EvictsNobody()
    {
        var input = Input(Report(Fault("web-1"))) with { Answer = Granted };
        foreach (var observation in new[] { input.Observation with { ReadyReplicas = null }, input.Observation with { CurrentReplicas = null } })
            Assert.Equal(HealingReason.BudgetSpent, HealingRules.Decide(HealingState.Empty, input with { Observation = observation }).Decision.Reason);
    }

    [Fact]
    public void Decide_NodeInTrouble_MovesItsPodsTogetherWithinTheBudget()
    {
        var report = Report(Fault("web-1"), Fault("web-2"), Fault("web-3"), Fault("web-4")) with { Cause = CommonCause.Node, Node = "node-1" };
        var state = HealingState.Empty;
        var decisions = new List<HealingDecision>();
        for (var number = 0; ; number++)
        {
            (state, var decision) = HealingRules.Decide(state, Input(report) with { Answer = Granted, Number = number });
            decisions.Add(decision);
            if (!HealingRules.GoesOn(decision, number + 1)) break;
        }

        // Of 10 replicas 3 may be unavailable.
        Assert.Equal(["web-1", "web-2", "web-3"], decisions.Where(d => d.Action == HealingAction.EvictPod).Select(d => d.Fault!.Pod));
        Assert.All(decisions.Take(3), d => Assert.Equal(HealingReason.NodeTrouble, d.Reason));
        Assert.Equal(HealingReason.BudgetSpent, decisions[^1].Reason);
        Assert.Equal(decisions.Count, decisions.Select(d => d.Id).Distinct().Count());
    }

    [Fact]
    public void Decide_ObjectiveMissedSinceScaleIn_BringsReplicasBackOnce()
    {
        var scaleIn = Scaled(10, 6);
        var state = HealingRules.Confirm(HealingState.Empty, scaleIn, 300);
        var missed = new HealthReport { BreachedSteps = 8, Cause = CommonCause.Overload };
        (state, var decision) = HealingRules.Decide(state, Input(missed, 2, replicas: 6));
        Assert.Equal((HealingAction.UndoScaleIn, 10), (decision.Action, decision.FloorReplicas));
        (state, var next) = HealingRules.Decide(state, Input(missed, 3, replicas: 8));
        Assert.Equal((HealingAction.None, 10), (next.Action, next.FloorReplicas));
        (_, var later) = HealingRules.Decide(state, Input(null, 80, replicas: 10));
        Assert.Null(later.FloorReplicas);
    }

    public static TheoryData<string> BadInput => ["frozen", "no samples", "no reading", "not finite", "other pods in every step"];

    [Theory]
    [MemberData(nameof(BadInput))]
    public void Decide_BadInput_DoesNothing(string input)
    {
        var (scene, state) = (new PodScene(8), HealingState.Empty);
        scene.Run(60);
        (scene.Pods[1].Errors, scene.Pods[1].Latency, scene.IsFrozen) = (0.8, 3, input == "frozen");
        double[] values = [double.NaN, double.PositiveInfinity, double.NegativeInfinity];
        for (var step = 0; step < 240; step++)
        {
            if (input == "not finite") foreach (var pod in scene.Pods) (pod.Cpu, pod.Memory, pod.Errors, pod.Latency) = (values[step % 3], values[(step + 1) % 3], values[(step + 2) % 3], values[step % 3]);
            if (input == "other pods in every step")
            {
                scene.Pods.Clear();
                for (var i = 0; i < 8; i++) scene.Pods.Add(new ScenePod($"web-{step:000}-{i}", $"node-{i / 2}", scene.Time) { Errors = i == 0 ? 1 : 0, Latency = i == 0 ? 3 : 0.1 });
            }

            var health = scene.Next(withReading: input != "no reading", withSamples: input != "no samples");
            (state, var decision) = HealingRules.Decide(state, Input(health, step) with { Answer = Granted });
            Assert.Equal(HealingAction.None, decision.Action);
        }
    }

    [Fact]
    public void Decide_DemandBurstSinceScaleIn_DoesNotBlameTheScaleInAfterwards()
    {
        var state = HealingRules.Confirm(HealingState.Empty, Scaled(10, 6), 300);
        var burst = Input(new HealthReport { BreachedSteps = 7, Cause = CommonCause.Overload }, 2, replicas: 6);
        state = HealingRules.Decide(state, burst with { Observation = burst.Observation with { Demand = 900 } }).State;
        var decision = HealingRules.Decide(state, Input(new HealthReport { BreachedSteps = 8, Cause = CommonCause.Overload }, 3, replicas: 6)).Decision;
        Assert.Equal(HealingAction.None, decision.Action);
    }

    [Theory]
    [InlineData(400.0, 2)]
    [InlineData(300.0, 60)]
    public void Decide_MoreDemandOrLongAfter_DoesNotBlameTheScaleIn(double demand, int step)
    {
        var state = HealingRules.Confirm(HealingState.Empty, Scaled(10, 6), 300);
        var input = Input(new HealthReport { BreachedSteps = 8, Cause = CommonCause.Overload }, step, replicas: 6);
        var decision = HealingRules.Decide(state, input with { Observation = input.Observation with { Demand = demand } }).Decision;
        Assert.Equal(HealingAction.None, decision.Action);
    }

    [Fact]
    public void Pipeline_WithGuard_HoldsAndRaises()
    {
        var observation = Steps.Observe(1, 10, 100);
        var held = DecisionPipeline.Decide(DecisionState.Empty, Steps.Input(observation, policy: Fast) with { Guard = new ScaleInGuard(true, null) }).Decision;
        Assert.Equal((10, ReasonCode.Healing), (held.DesiredReplicas, held.Reason));
        var raised = DecisionPipeline.Decide(DecisionState.Empty, Steps.Input(observation, policy: Fast) with { Guard = new ScaleInGuard(true, 14) }).Decision;
        Assert.Equal((14, ReasonCode.Healing), (raised.DesiredReplicas, raised.Reason));
        Assert.True(DecisionPipeline.Decide(DecisionState.Empty, Steps.Input(observation, policy: Fast)).Decision.DesiredReplicas < 10);
    }

    [Fact]
    public void Decide_AnyCourse_KeepsLimitsAndBudget()
    {
        var step = from count in Gen.Choose(0, 4)
                   from faults in Gen.Choose(0, 30).ListOf(count)
                   from cause in Gen.Elements(CommonCause.None, CommonCause.None, CommonCause.Node, CommonCause.Dependency)
                   from ready in Gen.Choose(5, 12)
                   select (faults, cause, ready);
        var property = Prop.ForAll(Arb.From(step.ListOf(60)), steps =>
        {
            var (state, evicted) = (HealingState.Empty, new List<DateTimeOffset>());
            for (var i = 0; i < steps.Count; i++)
            {
                var (faults, cause, ready) = steps[i];
                var report = Report([.. faults.Distinct().Select(f => Fault($"web-{f}") with { Node = $"node-{f % 3}", IsReady = f % 2 == 0 })]) with { Cause = cause };
                for (var number = 0; ; number++)
                {
                    var input = Input(report, i) with { Answer = Granted, Number = number };
                    input = input with { Observation = input.Observation with { CurrentReplicas = 12, ReadyReplicas = ready } };
                    (state, var decision) = HealingRules.Decide(state, input);
                    if (decision.Action == HealingAction.EvictPod)
                    {
                        evicted.Add(decision.Time);
                        var unavailable = 12 - ready + (decision.Fault!.IsReady ? 1 : 0);
                        if (cause == CommonCause.Dependency || unavailable > 3) return false;
                    }

                    if (!HealingRules.GoesOn(decision, number + 1)) break;
                }
            }

            return evicted.Count <= Steps.Policy.Healing.EvictionsPerDay && state.Evictions.Length <= HealingState.MostEvictions && state.Marks.Length <= HealingState.MostMarks;
        });
        property.Holds();
    }

    private static readonly PolicyDocument Fast = Steps.Policy with
    {
        Predictive = new PredictivePolicy { Enabled = false },
        Behavior = BehaviorPolicy.KubernetesDefault with { ScaleDown = BehaviorPolicy.KubernetesDefault.ScaleDown with { StabilizationWindow = TimeSpan.Zero } },
    };

    private static HealingDecision Decide(HealthReport report, PolicyDocument? policy = null) => HealingRules.Decide(HealingState.Empty, Input(report, policy: policy) with { Answer = Granted }).Decision;

    private static HealingInput Input(HealthReport? report, int step = 0, PolicyDocument? policy = null, int replicas = 10) => new()
    {
        Observation = Steps.Observe(step, replicas, 300) with { Health = report },
        Policy = policy ?? Steps.Policy,
        Epoch = 7,
        Sequence = step + 1,
    };

    private static HealthReport Report(params PodFault[] faults) => new() { Faults = [.. faults] };

    private static PodFault Fault(string pod) => new() { Pod = pod, CreatedAt = Steps.Start - TimeSpan.FromHours(2), Node = "node-1", Kind = PodFaultKind.Errors, Since = Steps.Start, IsReady = true, Score = 20, Evidence = $"{pod} fails" };

    private static ScalingDecision Scaled(int from, int to) =>
        DecisionPipeline.Decide(DecisionState.Empty, Steps.Input(Steps.Observe(0, from, 300))).Decision with { CurrentReplicas = from, DesiredReplicas = to, Action = ScalingAction.ScaleDown };
}
