using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling.Hpa;
using ControlPlane.Core.Workloads;
using ControlPlane.Simulation.Backtest.Frontier;
using ControlPlane.Simulation.Randomness;

namespace ControlPlane.Simulation.Tests.Backtest;

public sealed class FastHpaTests
{
    private static readonly WorkloadId Workload = WorkloadId.Parse("test/ns/deployment/web");

    [Fact]
    public void Run_RandomDemandsAndSettings_IsTheHpaAlgorithmStepByStep()
    {
        for (var seed = 0UL; seed < 60; seed++)
        {
            var random = new SeededRandom(seed);
            var demand = Walk(random, 600);
            var service = new FrontierService(demand, Demands.Step, 1 + random.Next(25));
            var setting = new HpaSetting(
                random.Next(2) == 0 ? HpaMetric.Utilization : HpaMetric.Rate, 0.4 + 0.01 * random.Next(56), TimeSpan.FromSeconds(15 * random.Next(61)), 0.01 * random.Next(21));
            Assert.Equal(Slow(service, setting), FastHpa.Run(service, setting));
        }
    }

    private static double[] Walk(SeededRandom random, int length)
    {
        var demand = new double[length];
        var level = 1 + 60 * random.NextDouble();
        for (var t = 0; t < length; t++)
        {
            level = Math.Clamp(level * Math.Exp(0.08 * random.NextNormal()), 0.01, 400);
            if (random.NextDouble() < 0.01) level *= random.Next(2) == 0 ? 3 : 0.2;
            demand[t] = random.NextDouble() < 0.02 ? double.NaN : level;
        }

        demand[0] = 5;
        return demand;
    }

    /// <summary>The same service through the general algorithm and its records.</summary>
    private static int[] Slow(FrontierService service, HpaSetting setting)
    {
        var isRate = setting.Metric == HpaMetric.Rate;
        var reactive = new ReactivePolicy
        {
            Metrics = [new MetricTarget { Metric = isRate ? SignalNames.Demand : SignalNames.Cpu, Type = isRate ? MetricTargetType.AverageValue : MetricTargetType.Utilization, Target = setting.Target }],
            Tolerance = setting.Tolerance,
        };
        var behavior = BehaviorPolicy.KubernetesDefault with { ScaleDown = BehaviorPolicy.KubernetesDefault.ScaleDown with { StabilizationWindow = setting.Window } };
        var now = FrontierService.Start + service.Step;
        var totals = new int[service.Demand.Length];
        totals[0] = service.Initial;
        var state = HpaState.Initial(now, service.Initial);
        for (var t = 1; t < totals.Length; t++, now += service.Step)
        {
            var current = totals[t - 1];
            var ready = Enumerable.Range(0, service.StartupSteps + 1).Min(back => totals[Math.Max(0, t - 1 - back)]);
            var result = HpaAlgorithm.Evaluate(state, Observe(now, service.Demand[t - 1], current, ready), reactive, behavior, 1, 1_000_000, now);
            totals[t] = result.Desired ?? current;
            state = HpaAlgorithm.RecordScale(result.State, now, current, totals[t], behavior);
        }

        return totals;
    }

    private static Observation Observe(DateTimeOffset time, double demand, int current, int ready) => new()
    {
        Workload = Workload,
        Time = time,
        Step = Demands.Step,
        Demand = double.IsNaN(demand) ? null : demand,
        CurrentReplicas = current,
        ReadyReplicas = ready,
        PodMetrics = double.IsNaN(demand) ? [] :
        [
            new PodMetricSummary
            {
                Metric = SignalNames.Cpu,
                ReadyPods = ready,
                UsageMilli = (long)(Math.Min(demand / ready, FastHpa.MostUtilization) * 1000) * ready,
                RequestMilli = 1000L * ready,
                UnreadyPods = current - ready,
                UnreadyRequestMilli = 1000L * (current - ready),
            },
        ],
    };
}
