using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Core.Healing;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using ControlPlane.Core.Scaling.Hpa;
using ControlPlane.Core.Scaling.Teams;
using ControlPlane.Core.Workloads;
using ControlPlane.Grains.Actuation;
using ControlPlane.Grains.Catalog;
using ControlPlane.Grains.Decisions;
using ControlPlane.Grains.Healing;
using ControlPlane.Grains.Models;
using ControlPlane.Grains.Policies;
using ControlPlane.Grains.Prediction;
using ControlPlane.Grains.Services;
using ControlPlane.Grains.Teams;

namespace ControlPlane.Grains.Tests.Compatibility;

/// <summary>What version 0.1.0 stored, every member set. Never changed: a later version adds samples of its own.</summary>
internal static class StoredSamples
{
    private static readonly DateTimeOffset Time = new(2026, 3, 4, 5, 6, 15, TimeSpan.Zero);
    private static readonly WorkloadId Web = WorkloadId.Parse("prod/shop/deployment/web");

    private static readonly PolicyDocument Policy = new()
    {
        Version = 12,
        Scope = "prod/shop",
        Mode = PolicyMode.Auto,
        MinReplicas = 3,
        MaxReplicas = 40,
        Objective = new ObjectivePolicy { Latency = TimeSpan.FromMilliseconds(250), Percentile = 0.99, RequestsPerSecondPerReplica = 37.5 },
        Reactive = new ReactivePolicy
        {
            Metrics = [MetricTarget.DefaultCpu, new MetricTarget { Metric = "demand", Type = MetricTargetType.AverageValue, Target = 35.5 }],
            Tolerance = 0.05,
            CpuInitializationPeriod = TimeSpan.FromMinutes(2),
            InitialReadinessDelay = TimeSpan.FromSeconds(20),
        },
        Predictive = new PredictivePolicy { Enabled = false, Horizon = TimeSpan.FromMinutes(15), LeadTime = TimeSpan.FromSeconds(75), ViolationCost = 150 },
        Behavior = BehaviorPolicy.KubernetesDefault with
        {
            ScaleUp = new ScalingRules
            {
                StabilizationWindow = TimeSpan.FromSeconds(30),
                Select = LimitSelection.Min,
                Limits = [new RateLimit { Type = RateLimitType.Percent, Value = 50, Period = TimeSpan.FromMinutes(1) }],
                Tolerance = 0.02,
            },
        },
        PauseScaleUp = true,
        PauseScaleDown = true,
        Schedule = [new ScheduleWindow { Days = [DayOfWeek.Monday, DayOfWeek.Friday], From = new TimeOnly(7, 30), To = new TimeOnly(1, 0), MinReplicas = 6, MaxReplicas = 60 }],
        Step = TimeSpan.FromSeconds(30),
    };

    private static readonly DecisionState Memory = new()
    {
        Reactive = new HpaState
        {
            Highs = [new TimedReplicas(Time, 7)],
            Lows = [new TimedReplicas(Time, 5), new TimedReplicas(Time + TimeSpan.FromSeconds(15), 6)],
            ScaleUps = [new TimedReplicas(Time, 2)],
            ScaleDowns = [new TimedReplicas(Time - TimeSpan.FromMinutes(1), 1)],
        },
        SaturationPerReplica = 51.25,
        RecentTargets = [4, 5, 5],
        ReleaseCredit = 17.5,
    };

    private static readonly WorkloadSpec Spec = new()
    {
        Id = Web,
        ApiVersion = "apps/v1",
        Resource = "deployments",
        DemandMetric = "requests_per_second",
        Labels = [new WorkloadLabel { Key = "team", Value = "green" }],
        PolicyScope = "prod/shop",
    };

    /// <summary>Every kind of stored JSON.</summary>
    public static IReadOnlyList<StoredSample> All { get; } =
    [
        new StoredSample<ServiceState>(new ServiceState { Spec = Spec, Window = [.. "CPMW"u8], Filters = [.. "CPOB"u8] }),
        new StoredSample<PredictorState>(new PredictorState { Model = [.. Convert.FromBase64String("Q1BERg==")] }),
        new StoredSample<DecisionGrainState>(new DecisionGrainState { Epoch = 41, Memory = Memory }),
        new StoredSample<ActuatorState>(new ActuatorState { Epoch = 41, Sequence = 17, OpenDecisionId = $"{Web}@41.17" }),
        new StoredSample<PolicyState>(new PolicyState { Document = Policy, LastVersion = 12 }),
        new StoredSample<CatalogState>(new CatalogState { Workloads = [Web, Web with { Name = "api" }] }),
        new StoredSample<ModelRegistryState>(Registry()),
        new StoredSample<ModelArtifactState>(new ModelArtifactState { Bytes = [.. "CPMA"u8] }),
        new StoredSample<HealingGrainState>(new HealingGrainState { Cluster = new ClusterHealing { Wishes = [new HealingWish(Time, Web, "web-7x2", "node-3")], Grants = [Time] } }),
        new StoredSample<TeamState>(new TeamState { Account = Team() }),
        new StoredSample<DecisionRecord>(Record(), isRecord: true),
    ];

    private static TeamAccount Team() => new()
    {
        PeriodStart = Time,
        Period = TimeSpan.FromDays(1),
        Members = [new TeamMember { Workload = Web, Epoch = 4, Sequence = 7, AskedAt = Time, Spent = 12.5, Granted = 40.25, Next = 36, FloorOfPeriod = 24, IsShort = true }],
    };

    private static ModelRegistryState Registry()
    {
        var (own, net) = (ModelId.Of("seasonal-hw", "0.1.0"), ModelId.Of("net", "1.2.0"));
        var window = new TrainingWindow { From = Time - TimeSpan.FromDays(14), To = Time, Step = TimeSpan.FromMinutes(5), Series = 16 };
        return new ModelRegistryState
        {
            Revision = 7,
            Champion = net,
            Former = own,
            Versions =
            [
                new ModelRecord { Id = own, Status = ModelStatus.Former, RegisteredAt = Time },
                new ModelRecord
                {
                    Id = net, Status = ModelStatus.Champion, RegisteredAt = Time, ArtifactBytes = 4096, Training = window, Parameters = [new("hidden", 32)],
                    TrainingScores = [new("pinball", 0.07)], Outcomes = 10, Loss = 0.75, Covered = [1, 5, 9, 9, 10], LastReason = "was worse",
                },
            ],
            Queue = [ModelId.Of("holt-winters", "1.0.0")],
            Trial = new ModelTrial
            {
                Id = 3,
                Purpose = TrialPurpose.Probation,
                Champion = net,
                Shadow = own,
                StartedAt = Time,
                Share = 0.25,
                Looks = 1,
                Blocks = [new TrialBlock(17_000_000, 2, -0.5)],
                Services = [new TrialService(Web.ToString(), 17_000_000, 1.5, 1.25)],
                Scores = new PairedScores { Outcomes = 10, ChampionLoss = 0.75, ShadowLoss = 0.5, ChampionCovered = [1, 5, 9, 9, 10], ShadowCovered = [0, 5, 9, 10, 10] },
            },
            Trials = 3,
            Audit = [new ModelEvent { Time = Time, Kind = ModelEventKind.Promoted, Model = net, Reason = "better" }],
        };
    }

    private static DecisionRecord Record() => new()
    {
        Before = Memory,
        Input = new DecisionInput { Observation = Observation(), Forecast = Forecast(), Policy = Policy, Epoch = 41, Sequence = 17 },
        Decision = new ScalingDecision
        {
            Id = $"{Web}@41.17",
            Workload = Web,
            Epoch = 41,
            Sequence = 17,
            Time = Time,
            CurrentReplicas = 5,
            RecommendedReplicas = 8,
            DesiredReplicas = 7,
            Action = ScalingAction.ScaleUp,
            Reason = ReasonCode.Predicted,
            Stages = [new DecisionStage { Name = "trust", Inputs = [new StageValue("coverage", 0.93), new StageValue("reactive", null)], Output = 7, Rule = "objective-at-risk" }],
            PolicyVersion = 12,
            Model = "seasonal-hw/1.0.0",
            IsActionable = true,
        },
    };

    private static Observation Observation() => new()
    {
        Workload = Web,
        Time = Time,
        Step = TimeSpan.FromSeconds(15),
        Demand = 201.75,
        FilteredDemand = 199.5,
        CurrentReplicas = 5,
        ReadyReplicas = 4,
        Utilization = 0.8125,
        LatencyP50Seconds = 0.05,
        LatencyP95Seconds = 0.3,
        LatencyP99Seconds = 0.7,
        ErrorRatio = 0.001,
        PodMetrics =
        [
            new PodMetricSummary
            {
                Metric = "cpu", ReadyPods = 3, UsageMilli = 1220, RequestMilli = 1500, MissingPods = 1, MissingRequestMilli = 500, UnreadyPods = 1,
                UnreadyRequestMilli = 500, MissingPodRequestsMilli = [500],
            },
        ],
        StartupSeconds = 42.5,
        MissingSignals = ["memory"],
    };

    private static Forecast Forecast() => new()
    {
        Workload = Web,
        IssuedAt = Time,
        Step = TimeSpan.FromSeconds(15),
        Status = ForecastStatus.Ready,
        Horizon = 2,
        Quantiles = [0.5f, 0.9f],
        Values = [200.5f, 230.25f, 210f, 250.125f],
        Model = "seasonal-hw",
        ModelVersion = "1.0.0",
        Coverage = 0.93,
    };
}
