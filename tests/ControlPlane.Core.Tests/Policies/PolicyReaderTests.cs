using ControlPlane.Core.Policies;

namespace ControlPlane.Core.Tests.Policies;

public sealed class PolicyReaderTests
{
    [Fact]
    public void Read_EveryProperty_IsTaken()
    {
        var policy = Accept("""
            scope: prod/shop
            mode: auto
            minReplicas: 2
            maxReplicas: 40
            objective: { latency: 300ms, percentile: 0.99, requestsPerSecondPerReplica: 180 }
            reactive:
              metrics:
                - { metric: cpu, type: Utilization, target: 0.6 }
                - { metric: demand, type: AverageValue, target: 120 }
              tolerance: 0.05
              cpuInitializationPeriod: 2m
              initialReadinessDelay: 10s
            predictive: { enabled: true, horizon: 15m, leadTime: 90s, violationCost: 500, changeCost: 30 }
            behavior:
              scaleDown:
                stabilizationWindow: 1m
                select: Min
                tolerance: 0.2
                limits: [ { type: Percent, value: 10, period: 1m }, { type: Pods, value: 4, period: 30s } ]
            pauseScaleDown: true
            schedule:
              - { days: [Monday, friday], from: "08:00", to: "18:30", minReplicas: 10 }
            step: 30s
            """);

        Assert.Equal("prod/shop", policy.Scope);
        Assert.Equal(PolicyMode.Auto, policy.Mode);
        Assert.Equal((2, 40), (policy.MinReplicas, policy.MaxReplicas));
        Assert.Equal(new ObjectivePolicy { Latency = TimeSpan.FromMilliseconds(300), Percentile = 0.99, RequestsPerSecondPerReplica = 180 }, policy.Objective);
        Assert.Equal(["cpu", "demand"], policy.Reactive.Metrics.Select(m => m.Metric));
        Assert.Equal(MetricTargetType.AverageValue, policy.Reactive.Metrics[1].Type);
        Assert.Equal(TimeSpan.FromMinutes(2), policy.Reactive.CpuInitializationPeriod);
        Assert.Equal(new PredictivePolicy { Horizon = TimeSpan.FromMinutes(15), LeadTime = TimeSpan.FromSeconds(90), ViolationCost = 500, ChangeCost = 30 }, policy.Predictive);
        Assert.Equal(BehaviorPolicy.KubernetesDefault.ScaleUp.Limits, policy.Behavior.ScaleUp.Limits);
        Assert.Equal((LimitSelection.Min, 2, 0.2), (policy.Behavior.ScaleDown.Select, policy.Behavior.ScaleDown.Limits.Length, policy.Behavior.ScaleDown.Tolerance));
        Assert.True(policy.PauseScaleDown);
        Assert.Equal([DayOfWeek.Monday, DayOfWeek.Friday], policy.Schedule[0].Days.ToArray());
        Assert.Equal((new TimeOnly(8, 0), new TimeOnly(18, 30), 10), (policy.Schedule[0].From, policy.Schedule[0].To, policy.Schedule[0].MinReplicas));
        Assert.Equal(TimeSpan.FromSeconds(30), policy.Step);
    }

    [Fact]
    public void Read_Json_IsTheSame() => Assert.Equal(7, Accept("""{ "minReplicas": 3, "maxReplicas": 7 }""").MaxReplicas);

    [Theory]
    [InlineData("minReplicas: 5\nmaxReplicas: 3", "p.yaml:2: maxReplicas: 3 is below minReplicas 5")]
    [InlineData("minReplicas: 0", "p.yaml:1: minReplicas: 0 is below 1")]
    [InlineData("mode: Auto\nmaxReplica: 3", "p.yaml:2: maxReplica: unknown property; known here: version, scope")]
    [InlineData("predictive:\n  horizon: 30s\n  leadTime: 60s", "p.yaml:2: predictive.horizon: 30s does not reach past predictive.leadTime 1m by a step of 15s")]
    [InlineData("predictive:\n  horizont: 30s", "p.yaml:2: predictive.horizont: unknown property")]
    [InlineData("mode: Yes", "p.yaml:1: mode: 'Yes' is not one of Off, Recommend, Auto")]
    [InlineData("mode: 1", "p.yaml:1: mode: '1' is not one of")]
    [InlineData("minReplicas: two", "p.yaml:1: minReplicas: 'two' is not a whole number")]
    [InlineData("objective: { latency: 5 parsecs }", "p.yaml:1: objective.latency: '5 parsecs' is not a duration")]
    [InlineData("objective: { percentile: 95 }", "p.yaml:1: objective.percentile: 95 is not a fraction between 0 and 1")]
    [InlineData("objective: fast", "p.yaml:1: objective: expected properties")]
    [InlineData("reactive:\n  metrics: []", "p.yaml:2: reactive.metrics: there is none")]
    [InlineData("reactive:\n  metrics:\n    - { metric: cpu, target: 70 }", "p.yaml:3: reactive.metrics[0].target: 70 is no utilization: write the fraction, 0.7 for 70%")]
    [InlineData("reactive:\n  metrics:\n    - { target: 0.7 }", "p.yaml:3: reactive.metrics[0].metric: is missing")]
    [InlineData("reactive:\n  metrics:\n    - { metric: demand, type: Utilization, target: 0.7 }", "Utilization goes with cpu or memory")]
    [InlineData("behavior: { scaleUp: { limits: [ { type: Pods, value: 0, period: 15s } ] } }", "behavior.scaleUp.limits[0].value: 0 is not above 0")]
    [InlineData("behavior: { scaleDown: { stabilizationWindow: 2h } }", "behavior.scaleDown.stabilizationWindow: 2h is not within 0s..1h")]
    [InlineData("schedule: [ { from: \"25:00\", to: \"08:00\" } ]", "schedule[0].from: '25:00' is not a time of day")]
    [InlineData("schedule: [ { from: \"08:00\", to: \"08:00\" } ]", "schedule[0].to: 08:00 equals from: the window is empty")]
    [InlineData("maxReplicas: 20\nbreachLimit: 15", "p.yaml:2: breachLimit: 15 is below maxReplicas 20")]
    [InlineData("budget: { period: 1d }\nminReplicas: 2\nmode: Auto\nbudget2: 1", "p.yaml:4: budget2: unknown property")]
    [InlineData("budget: { period: 2d }", "p.yaml:1: budget: has neither replicaHours nor money")]
    [InlineData("budget: { money: 5 }", "p.yaml:1: budget.pricePerReplicaHour: is missing: money needs the price of a replica-hour")]
    [InlineData("budget: { replicaHours: 100, money: 5, pricePerReplicaHour: 1 }", "p.yaml:1: budget.money: is given beside replicaHours")]
    [InlineData("minReplicas: 5\nbudget:\n  replicaHours: 100", "p.yaml:3: budget.replicaHours: 100 replica-hours do not pay for 5 replicas over 1d, which take 120")]
    [InlineData("budget:\n  money: 10\n  pricePerReplicaHour: 0.05\nschedule: [ { from: \"08:00\", to: \"09:00\", minReplicas: 9 } ]", "p.yaml:2: budget.money: 200 replica-hours do not pay for 9 replicas over 1d, which take 216")]
    [InlineData("scope: a/b/c", "scope: 'a/b/c' is none of")]
    [InlineData("- a\n- b", "p.yaml:1: expected a mapping")]
    [InlineData("a: [", "not YAML")]
    [InlineData("", "found 0 documents")]
    public void Read_BadInput_NamesLinePropertyAndRule(string text, string expected)
    {
        var result = PolicyReader.Read(text, "p.yaml");
        Assert.Null(result.Policy);
        Assert.Contains(result.Errors, e => e.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_SeveralFaults_AllAreNamed()
    {
        var result = PolicyReader.Read("minReplicas: 5\nmaxReplicas: 3\nobjective: { percentile: 2 }\npredictive: { violationCost: -1, changeCost: -1 }", "p.yaml");
        Assert.Equal(4, result.Errors.Length);
    }

    [Fact]
    public void Read_FaultsOfReadingAndBrokenRules_AreNamedTogetherOnceEachInTheOrderOfTheText()
    {
        var result = PolicyReader.Read("mode: Yes\nminReplicas: 5\nmaxReplicas: 3\nreactive: { metrics: [ { target: 0 } ] }\nstep: soon", "p.yaml");
        string[] expected = ["p.yaml:1: mode: ", "p.yaml:3: maxReplicas: ", "p.yaml:4: reactive.metrics[0].metric: is missing", "p.yaml:4: reactive.metrics[0].target: ", "p.yaml:5: step: "];
        Assert.Equal(expected.Length, result.Errors.Length);
        Assert.All(expected.Zip(result.Errors), pair => Assert.StartsWith(pair.First, pair.Second, StringComparison.Ordinal));
    }

    [Fact]
    public void Validate_BuiltInDefault_IsSound() => Assert.Empty(PolicyValidator.Validate(new PolicyDocument()));

    private static PolicyDocument Accept(string text)
    {
        var result = PolicyReader.Read(text, "p.yaml");
        Assert.Empty(result.Errors);
        return result.Policy!;
    }
}
