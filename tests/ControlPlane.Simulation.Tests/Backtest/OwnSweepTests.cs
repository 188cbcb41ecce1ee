using ControlPlane.Core.Forecasting.LeadTime;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using ControlPlane.Core.Workloads;
using ControlPlane.Simulation.Backtest.Frontier;

namespace ControlPlane.Simulation.Tests.Backtest;

public sealed class OwnSweepTests
{
    private static readonly WorkloadId Workload = WorkloadId.Parse("test/ns/deployment/web");

    /// <summary>What the frontier measures is what the product decides.</summary>
    [Theory]
    [InlineData(2, 40, 10)]
    [InlineData(8, 700, 10)]
    [InlineData(4, 300, 40)]
    public void Run_OneHpa_IsTheDecisionPipelineStepByStep(int startupSteps, double price, double changeCost)
    {
        var service = Demands.Service(2, startupSteps);
        var totals = Run(service, [price], Reference(service), changeCost)[0];

        var policy = new PolicyDocument
        {
            Mode = PolicyMode.Auto,
            MaxReplicas = 10_000,
            Objective = new ObjectivePolicy { RequestsPerSecondPerReplica = 1 },
            Reactive = new ReactivePolicy { Metrics = [new MetricTarget { Metric = SignalNames.Demand, Type = MetricTargetType.AverageValue, Target = 0.7 }] },
            Predictive = new PredictivePolicy { LeadTime = startupSteps * service.Step, ViolationCost = price, ChangeCost = changeCost },
        };
        var forecaster = new LeadTimeForecaster(service.Step, startupSteps);
        var (state, current) = (DecisionState.Empty, service.Initial);
        var ready = new ReadyWindow(startupSteps + 1);
        for (var t = 1; t < totals.Length; t++)
        {
            var observation = Observe(FrontierService.Start + t * service.Step, service.Demand[t - 1], current, ready.Push(current));
            forecaster.Update(observation.Time, observation.Demand);
            var forecast = forecaster.Issue(Workload, startupSteps + 1, LeadTimeSettings.Quantiles);
            var before = state;
            var input = new DecisionInput { Observation = observation, Forecast = forecast, Policy = policy, Epoch = 1, Sequence = t };
            (state, var decision) = DecisionPipeline.Decide(before, input);
            if (t % 500 == 0) Assert.True(new DecisionRecord { Before = before, Input = input, Decision = decision }.IsReproducible());
            if (decision.Action != ScalingAction.Hold) state = DecisionPipeline.Confirm(state, decision, policy.Behavior);
            current = decision.DesiredReplicas!.Value;
            Assert.True(current == totals[t], $"step {t}: {current} against {totals[t]}: {DecisionReason.Sentence(decision)}");
        }
    }

    [Fact]
    public void Run_OwnForecasts_FewerViolationsForFewerPods()
    {
        var service = Demands.Service(5, 8, 7);
        var reference = Reference(service);
        var runs = Run(service, [30, 3000], reference);
        foreach (var totals in runs) AssertNoRegret(service, reference, totals, "own");
        var (hpa, own) = (service.Score(reference.Totals), service.Score(runs[1]));
        Assert.True(own.UnderProvisionedTimeShare < hpa.UnderProvisionedTimeShare && own.PodHours < hpa.PodHours, $"{own} against {hpa}");
    }

    [Fact]
    public void Run_DearerChanges_FewerOfThem()
    {
        double[] costs = [10, 30, 60];
        foreach (var price in (double[])[300, 1000])
        {
            var sums = new double[costs.Length];
            for (var seed = 1UL; seed <= 8; seed++)
            {
                var service = Demands.Service(3, 8, seed);
                var reference = Reference(service);
                var changes = costs.Select(cost => service.Score(Run(service, [price], reference, cost)[0]).ScalingsPerDay).ToArray();
                Assert.True(changes[1] < changes[0] && changes[2] < changes[1], $"price {price}, seed {seed}: {string.Join(", ", changes)}");
                for (var i = 0; i < sums.Length; i++) sums[i] += changes[i];
            }

            Assert.True(sums[1] < 0.8 * sums[0], string.Join(", ", sums));
        }
    }

    /// <summary>An account without room for the wish must not let it through every few steps.</summary>
    [Fact]
    public void Run_FarMoreWantedThanTheHpaTakes_ChangesNotOftenerThanTheHpaByMuch()
    {
        var service = Demands.Service(3, 4);
        var reference = new ReferenceRun(service, FastHpa.Run(service, HpaSetting.Default(HpaMetric.Rate, 0.9)));
        var own = service.Score(Run(service, [20_000], reference)[0]);
        Assert.InRange(own.ScalingsPerDay, 1, 1.5 * service.Score(reference.Totals).ScalingsPerDay);
    }

    [Fact]
    public void Run_DearerViolations_NeverFewerPodsWithoutALedger()
    {
        var service = Demands.Service(3, 8);
        // An HPA that has many pods and yet fails all the time: its ledger never speaks.
        var hopeless = new ReferenceRun(service with { Demand = [.. service.Demand.Select(_ => 1e9)] }, [.. service.Demand.Select(_ => 1000)]);
        var pods = Run(service, [2, 20, 200, 2000, 20_000], hopeless).Select(totals => service.Score(totals).PodHours).ToArray();
        Assert.Equal(pods.Order(), pods);
    }

    /// <summary>Over the whole run: what the first day saved may be spent later.</summary>
    private static void AssertNoRegret(FrontierService service, ReferenceRun hpa, int[] totals, string what)
    {
        var own = new ReferenceRun(service, totals);
        var books = hpa.Books(0, totals.Length, own.Books(0, totals.Length, 0, 0).HpaViolations, own.Pods(0, totals.Length));
        var lead = service.StartupSteps;
        Assert.True(books.OwnViolations <= 1.02 * books.HpaViolations + 3 * (lead + 1), $"{what}, start-up {lead}: {books}");
        Assert.True(books.OwnPods <= 1.02 * books.HpaPods, $"{what}, start-up {lead}: {books}");
    }

    private static int[][] Run(FrontierService service, double[] prices, ReferenceRun reference, double changeCost = TrendGate.UsualCost) =>
        new OwnSweep(service, ForecastCurves.Of(service), [reference], changeCost).Run(prices);

    private static ReferenceRun Reference(FrontierService service) => new(service, FastHpa.Run(service, HpaSetting.Default(HpaMetric.Rate, 0.7)));

    private static Observation Observe(DateTimeOffset time, double demand, int current, int ready) => new()
    {
        Workload = Workload,
        Time = time,
        Step = Demands.Step,
        Demand = demand,
        FilteredDemand = demand,
        CurrentReplicas = current,
        ReadyReplicas = ready,
    };
}
