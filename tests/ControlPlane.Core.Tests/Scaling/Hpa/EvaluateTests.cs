using System.Text.Json;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling.Hpa;

namespace ControlPlane.Core.Tests.Scaling.Hpa;

public sealed class EvaluateTests
{
    private static readonly ReactivePolicy Cpu = new();

    [Fact]
    public void Evaluate_ReplicasUnknown_HasNoAnswerAndKeepsTheState()
    {
        var state = HpaState.Initial(PodTable.Now, 3);

        var result = Evaluate(state, PodTable.Observe(null));

        Assert.Equal(HpaRules.ReplicasUnknown, result.Rule);
        Assert.Null(result.Desired);
        Assert.Same(state, result.State);
    }

    [Fact]
    public void Evaluate_MetricFails_RemembersNothingAndNamesTheReason()
    {
        var state = HpaState.Initial(PodTable.Now, 3);

        var result = Evaluate(state, PodTable.Observe(3));

        Assert.Same(state, result.State);
        Assert.Equal(HpaRules.MetricMissing, Assert.Single(result.Proposals.AsEnumerable()).Rule);
    }

    [Fact]
    public void Evaluate_NoMetricInThePolicy_HasNoAnswer()
    {
        var policy = Cpu with { Metrics = [] };

        var result = HpaAlgorithm.Evaluate(
            HpaState.Empty, PodTable.Observe(3), policy, BehaviorPolicy.KubernetesDefault, 1, 10, PodTable.Now);

        Assert.Equal((null, HpaRules.NoMetric), (result.Desired, result.Rule));
    }

    [Fact]
    public void Evaluate_DefaultPolicy_TargetsSeventyPercentExactly()
    {
        // 70% of 1000 is on target; 0.7 × 100 must not become 69.
        var result = Evaluate(HpaState.Empty, PodTable.Observe(2, metrics: PodTable.Summarize(SignalNames.Cpu, "700/1000 700/1000")));

        Assert.Equal(1.0, Assert.Single(result.Proposals.AsEnumerable()).Ratio);
        Assert.Equal(2, result.Desired);
    }

    [Fact]
    public void Evaluate_DefaultBehavior_RemovesAfterFiveMinutes()
    {
        var idle = PodTable.Observe(5, metrics: PodTable.Summarize(SignalNames.Cpu, "70/1000 70/1000 70/1000 70/1000 70/1000"));
        var state = HpaState.Initial(PodTable.Now, 5);
        var desired = new List<int?>();
        for (var step = 0; step <= 20; step++)
        {
            var result = HpaAlgorithm.Evaluate(
                state, idle, Cpu, BehaviorPolicy.KubernetesDefault, 1, 10, PodTable.Now.AddSeconds(15 * step));
            desired.Add(result.Desired);
            state = result.State;
        }

        Assert.Equal([.. Enumerable.Repeat<int?>(5, 20), 1], desired);
    }

    [Fact]
    public void Evaluate_AfterRecordedAdditions_CountsThemWithinThePeriod()
    {
        var behavior = Behaviors.Of(up: Behaviors.Rules("2/60"));
        var busy = PodTable.Observe(3, metrics: PodTable.Summarize(SignalNames.Cpu, "5000/1000 5000/1000 5000/1000"));
        var first = HpaAlgorithm.Evaluate(HpaState.Empty, busy, Cpu, behavior, 1, 99, PodTable.Now);
        var state = HpaAlgorithm.RecordScale(first.State, PodTable.Now, 3, 5, behavior);

        var soon = HpaAlgorithm.Evaluate(state, busy with { CurrentReplicas = 5 }, Cpu, behavior, 1, 99, PodTable.Now.AddSeconds(59));
        var later = HpaAlgorithm.Evaluate(state, busy with { CurrentReplicas = 5 }, Cpu, behavior, 1, 99, PodTable.Now.AddSeconds(60));

        Assert.Equal((5, 5, 7), (first.Desired, soon.Desired, later.Desired));
    }

    [Fact]
    public void State_ThroughJson_IsUnchanged()
    {
        var behavior = Behaviors.Of(Behaviors.Rules("4/60", 60), Behaviors.Rules("4/60", 300));
        var state = Behaviors.Remember("9@90 7@40 3@30 5@15", behavior);
        state = HpaAlgorithm.RecordScale(HpaAlgorithm.RecordScale(state, PodTable.Now, 3, 5, behavior), PodTable.Now, 5, 4, behavior);

        var json = JsonSerializer.Serialize(state);
        var back = JsonSerializer.Deserialize<HpaState>(json)!;

        Assert.Equal(json, JsonSerializer.Serialize(back));
        Assert.Equal(state.Highs.AsEnumerable(), back.Highs.AsEnumerable());
        Assert.Equal([9, 7, 5], back.Highs.Select(entry => entry.Replicas));
        Assert.Equal([3, 5], back.Lows.Select(entry => entry.Replicas));
        Assert.Equal((2, 1), (back.ScaleUps[0].Replicas, back.ScaleDowns[0].Replicas));
    }

    private static HpaResult Evaluate(HpaState state, Observation observation) =>
        HpaAlgorithm.Evaluate(state, observation, Cpu, BehaviorPolicy.KubernetesDefault, 1, 10, PodTable.Now);
}
