using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling.Hpa;
using FsCheck;
using FsCheck.Fluent;

namespace ControlPlane.Core.Tests.Scaling.Hpa;

public sealed class HpaPropertyTests
{
    private static readonly HpaTolerances Tolerances = new(0.1, 0.1);

    /// <summary>One step of a made-up workload.</summary>
    private sealed record Step(int Seconds, long Usage, int Missing, int Unready, bool Fails);

    /// <summary>A whole run: limits of change, bounds, steps.</summary>
    private sealed record Run(BehaviorPolicy Behavior, int Min, int Max, int Start, Step[] Steps);

    private static readonly Gen<ScalingRules> AnyRules =
        from window in Gen.Elements(0, 0, 15, 60, 300, 3600)
        from pods in Gen.Choose(1, 20)
        from percent in Gen.Choose(1, 300)
        from period in Gen.Elements(15, 60, 600, 1800)
        from other in Gen.Elements(15, 60, 600, 1800)
        from choice in Gen.Elements(LimitSelection.Max, LimitSelection.Min, LimitSelection.Disabled)
        select Behaviors.Rules($"{pods}/{period} {percent}%/{other}", window, choice);

    private static readonly Gen<BehaviorPolicy> AnyBehavior =
        from up in AnyRules
        from down in AnyRules
        select Behaviors.Of(up, down);

    private static readonly Gen<Step> AnyStep =
        from seconds in Gen.Elements(1, 15, 15, 15, 40, 400)
        from usage in Gen.Choose(0, 3_000)
        from missing in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(0, 3)))
        from unready in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(0, 3)))
        from fails in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new Step(seconds, usage, missing, unready, fails);

    private static readonly Arbitrary<Run> AnyRun = (
        from behavior in AnyBehavior
        from min in Gen.Choose(1, 10)
        from span in Gen.Choose(0, 60)
        from start in Gen.Choose(1, 80)
        from steps in AnyStep.ArrayOf()
        select new Run(behavior, min, min + span, start, steps)).ToArbitrary();

    [Fact]
    public void Evaluate_AnyRun_StaysWithinBounds() => Holds(Prop.ForAll(AnyRun, run =>
        Play(run).All(result => result.Desired is not { } desired || (desired >= run.Min && desired <= run.Max))));

    [Fact]
    public void Evaluate_AnyRun_KeepsTheStateBounded() => Holds(Prop.ForAll(AnyRun, run => Play(run).All(result =>
        new[] { result.State.Highs, result.State.Lows, result.State.ScaleUps, result.State.ScaleDowns }
            .All(entries => entries.Length <= HpaState.Capacity))));

    [Fact]
    public void Evaluate_MetricFails_NeverRemoves() => Holds(Prop.ForAll(AnyRun, run =>
    {
        var failing = run with { Start = Math.Clamp(run.Start, run.Min, run.Max), Steps = [.. run.Steps.Select(step => step with { Fails = true })] };
        return Play(failing).All(result => result.Desired is null);
    }));

    [Fact]
    public void Utilization_MoreUsage_NeverAsksForFewer()
    {
        var cases =
            from pods in Gen.Choose(1, 200)
            from target in Gen.Choose(1, 200)
            from usage in Gen.Choose(0, 400_000)
            from more in Gen.Choose(0, 50_000)
            select (pods, target, usage, more);
        Holds(Prop.ForAll(cases.ToArbitrary(), c =>
            Ask(c.pods, c.target, c.usage) <= Ask(c.pods, c.target, c.usage + c.more)));

        static int? Ask(int pods, int target, long usage) =>
            ReplicaCalculator.Utilization(Pods(pods, usage), pods, target, Tolerances).Replicas;
    }

    [Fact]
    public void Evaluate_UsageAtTarget_NeverMoves()
    {
        var cases =
            from behavior in AnyBehavior
            from pods in Gen.Choose(1, 100)
            from percent in Gen.Choose(1, 150)
            select (behavior, pods, percent);
        Holds(Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var policy = Policy(c.percent);
            var state = HpaState.Initial(PodTable.Now, c.pods);
            var observation = PodTable.Observe(c.pods, metrics: Pods(c.pods, c.pods * 10L * c.percent));
            for (var step = 1; step <= 50; step++)
            {
                var result = HpaAlgorithm.Evaluate(state, observation, policy, c.behavior, 1, 100, PodTable.Now.AddSeconds(15 * step));
                if (result.Desired != c.pods) return false;
                state = result.State;
            }
            return true;
        }));
    }

    [Fact]
    public void Apply_NoWindowForAdding_NeverStabilizesBelowTheNeed()
    {
        var cases =
            from rules in AnyRules
            from seen in Gen.Choose(1, 100).ArrayOf()
            from current in Gen.Choose(1, 100)
            from need in Gen.Choose(1, 100)
            select (rules, seen, current, need);
        Holds(Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var behavior = Behaviors.Of(down: c.rules);
            var state = HpaState.Initial(PodTable.Now.AddHours(-1), c.current);
            for (var i = 0; i < c.seen.Length; i++)
                state = HpaBehavior.Apply(state, behavior, c.current, c.seen[i], 1, 100, PodTable.Now.AddSeconds(i - c.seen.Length)).State;
            return HpaBehavior.Apply(state, behavior, c.current, c.need, 1, 100, PodTable.Now).Stabilized >= c.need;
        }));
    }

    /// <summary>The queues forget most recommendations; an oracle that keeps all of them must give the same.</summary>
    [Fact]
    public void Apply_AnyHistory_StabilizesLikeAWholeLog()
    {
        var cases =
            from up in Gen.Elements(0, 30, 60, 300, 3600)
            from down in Gen.Elements(0, 30, 60, 300, 3600)
            from steps in Gen.Zip(Gen.Choose(0, 90), Gen.Choose(0, 40)).ArrayOf()
            from current in Gen.Choose(0, 40)
            select (up, down, steps, current);
        Holds(Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var behavior = Behaviors.Of(Behaviors.Rules("1000/15", c.up), Behaviors.Rules("1000/15", c.down));
            var (state, log, now) = (HpaState.Empty, new List<(DateTimeOffset Time, int Replicas)>(), PodTable.Now);
            foreach (var (seconds, replicas) in c.steps)
            {
                now = now.AddSeconds(seconds);
                int floor = replicas, ceiling = replicas;
                foreach (var seen in log)
                {
                    if (seen.Time > now.AddSeconds(-c.up)) floor = Math.Min(floor, seen.Replicas);
                    if (seen.Time > now.AddSeconds(-c.down)) ceiling = Math.Max(ceiling, seen.Replicas);
                }
                log.Add((now, replicas));
                var result = HpaBehavior.Apply(state, behavior, c.current, replicas, 0, 1000, now);
                if (result.Stabilized != Math.Min(Math.Max(c.current, floor), ceiling)) return false;
                state = result.State;
            }
            return true;
        }));
    }

    private static IEnumerable<HpaResult> Play(Run run)
    {
        var (now, current) = (PodTable.Now, run.Start);
        var state = HpaState.Initial(now, current);
        foreach (var step in run.Steps)
        {
            now = now.AddSeconds(step.Seconds);
            var pods = Pods(current, step.Usage * current) with
            {
                MissingPods = step.Missing,
                MissingRequestMilli = step.Missing * 1_000L,
                UnreadyPods = step.Unready,
                UnreadyRequestMilli = step.Unready * 1_000L,
            };
            var observation = step.Fails ? PodTable.Observe(current) : PodTable.Observe(current, metrics: pods);
            var result = HpaAlgorithm.Evaluate(state, observation, Policy(70), run.Behavior, run.Min, run.Max, now);
            yield return result;
            var desired = result.Desired ?? current;
            state = HpaAlgorithm.RecordScale(result.State, now, current, desired, run.Behavior);
            current = desired;
        }
    }

    private static ReactivePolicy Policy(int percent) =>
        new() { Metrics = [MetricTarget.DefaultCpu with { Target = percent / 100.0 }] };

    private static PodMetricSummary Pods(int ready, long usage) =>
        new() { Metric = SignalNames.Cpu, ReadyPods = ready, UsageMilli = usage, RequestMilli = ready * 1_000L };

    private static void Holds(Property property) => property.Holds(300);
}
