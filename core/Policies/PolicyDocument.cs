using System.Collections.Immutable;

namespace ControlPlane.Core.Policies;

/// <summary>How a scope of workloads is to be scaled. Validated before it is admitted.</summary>
[GenerateSerializer, Immutable, Alias("cp.PolicyDocument")]
public sealed record PolicyDocument
{
    /// <summary>Default of <see cref="Step"/>.</summary>
    public static readonly TimeSpan DefaultStep = TimeSpan.FromSeconds(15);

    /// <summary>Grows with every admitted change of the scope; 0 is the built-in default.</summary>
    [Id(0)] public long Version { get; init; }

    /// <summary>What it applies to: <c>cluster</c>, <c>cluster/namespace</c> or a workload id. Empty: everything.</summary>
    [Id(1)] public string Scope { get; init; } = "";

    /// <summary>How far the control plane may act. Default <see cref="PolicyMode.Recommend"/>.</summary>
    [Id(2)] public PolicyMode Mode { get; init; } = PolicyMode.Recommend;

    /// <summary>Fewest replicas, at least 1. Default 1.</summary>
    [Id(3)] public int MinReplicas { get; init; } = 1;

    /// <summary>Most replicas, at least the minimum. Default 10.</summary>
    [Id(4)] public int MaxReplicas { get; init; } = 10;

    /// <summary>What users are promised.</summary>
    [Id(5)] public ObjectivePolicy Objective { get; init; } = new();

    /// <summary>The reactive reference.</summary>
    [Id(6)] public ReactivePolicy Reactive { get; init; } = new();

    /// <summary>The predictive target.</summary>
    [Id(7)] public PredictivePolicy Predictive { get; init; } = new();

    /// <summary>Limits of change in both directions, as in an HPA's <c>spec.behavior</c>.</summary>
    [Id(8)] public BehaviorPolicy Behavior { get; init; } = BehaviorPolicy.KubernetesDefault;

    /// <summary>Whether scaling up is paused.</summary>
    [Id(9)] public bool PauseScaleUp { get; init; }

    /// <summary>Whether scaling down is paused.</summary>
    [Id(10)] public bool PauseScaleDown { get; init; }

    /// <summary>Windows of the week with bounds of their own; the first that matches holds.</summary>
    [Id(11)] public ImmutableArray<ScheduleWindow> Schedule { get; init; } = [];

    /// <summary>Length of a step. Default 15 s.</summary>
    [Id(12)] public TimeSpan Step { get; init; } = DefaultStep;

    /// <summary>How faulty pods are healed.</summary>
    [Id(20)] public HealingPolicy Healing { get; init; } = new();

    /// <summary>What each workload of the scope may spend; null: anything.</summary>
    [Id(21)] public BudgetPolicy? Budget { get; init; }

    /// <summary>Most replicas when more than <see cref="MaxReplicas"/> are wanted, outside schedule windows with a maximum of their own; null: the maximum holds.</summary>
    [Id(22)] public int? BreachLimit { get; init; }

    /// <summary>Whether workloads without demand give up all of their replicas; null: they do not.</summary>
    [Id(23)] public ScaleToZeroPolicy? ScaleToZero { get; init; }

    /// <summary>How far an adviser may go, where there is one. Default <see cref="AdviserMode.Off"/>.</summary>
    [Id(24)] public AdviserMode Adviser { get; init; }

    /// <summary>The team whose budget the workloads of the scope share, one of <see cref="Teams"/>; null: none.</summary>
    [Id(25)] public string? Team { get; init; }

    /// <summary>The teams of the cluster. Declared at the cluster's scope; narrower ones have what it has.</summary>
    [Id(26)] public ImmutableArray<TeamBudget> Teams { get; init; } = [];
}

/// <summary>How far an adviser may go on a workload.</summary>
[GenerateSerializer, Alias("cp.AdviserMode")]
public enum AdviserMode
{
    /// <summary>It is not asked.</summary>
    Off,

    /// <summary>What it says and what it would have saved is recorded, nothing else.</summary>
    Shadow,

    /// <summary>It acts where it has proved itself by its own rule; until then as in shadow.</summary>
    Act,
}

/// <summary>How far the control plane may act on a workload.</summary>
[GenerateSerializer, Alias("cp.PolicyMode")]
public enum PolicyMode
{
    /// <summary>Watch only: no decisions.</summary>
    Off,

    /// <summary>Decide and explain, change nothing.</summary>
    Recommend,

    /// <summary>Decide and act.</summary>
    Auto,
}

/// <summary>The service level objective.</summary>
[GenerateSerializer, Immutable, Alias("cp.ObjectivePolicy")]
public sealed record ObjectivePolicy
{
    /// <summary>A request slower than this, or failed, violates the objective. Default 500 ms.</summary>
    [Id(0)] public TimeSpan Latency { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The share of requests that must keep it, a fraction in (0, 1). Default 0.95.</summary>
    [Id(1)] public double Percentile { get; init; } = 0.95;

    /// <summary>Requests per second that one replica serves within the objective; null: derived from the target utilization.</summary>
    [Id(2)] public double? RequestsPerSecondPerReplica { get; init; }
}

/// <summary>Settings of the reactive reference, the Kubernetes HPA algorithm.</summary>
[GenerateSerializer, Immutable, Alias("cp.ReactivePolicy")]
public sealed record ReactivePolicy
{
    /// <summary>The metrics; the one that asks for most replicas wins. Default: CPU utilization at 70%.</summary>
    [Id(0)] public ImmutableArray<MetricTarget> Metrics { get; init; } = [MetricTarget.DefaultCpu];

    /// <summary>Relative deviation of usage ÷ target that is ignored, a fraction. Kubernetes' default 0.1.</summary>
    [Id(1)] public double Tolerance { get; init; } = 0.1;

    /// <summary>How long after its start a pod's CPU is set aside unless it is ready. Kubernetes' default 5 min.</summary>
    [Id(2)] public TimeSpan CpuInitializationPeriod { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long after its start an unready pod counts as never ready yet. Kubernetes' default 30 s.</summary>
    [Id(3)] public TimeSpan InitialReadinessDelay { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>One metric of the reactive reference and its target.</summary>
[GenerateSerializer, Immutable, Alias("cp.MetricTarget")]
public sealed record MetricTarget
{
    /// <summary>CPU utilization at 70% of the request.</summary>
    public static readonly MetricTarget DefaultCpu = new() { Metric = Metrics.SignalNames.Cpu, Type = MetricTargetType.Utilization, Target = 0.7 };

    /// <summary>The metric; <c>cpu</c> and <c>memory</c> are pod resources, <c>demand</c> is the workload's own.</summary>
    [Id(0)] public required string Metric { get; init; }

    /// <summary>What the target is compared with.</summary>
    [Id(1)] public required MetricTargetType Type { get; init; }

    /// <summary>The target: a fraction of the request for Utilization, else in the metric's unit (per pod for AverageValue).</summary>
    [Id(2)] public required double Target { get; init; }
}

/// <summary>What a metric's target is compared with.</summary>
[GenerateSerializer, Alias("cp.MetricTargetType")]
public enum MetricTargetType
{
    /// <summary>Usage ÷ request of the pods.</summary>
    Utilization,

    /// <summary>Mean of a metric over the pods, or a workload's metric ÷ replicas.</summary>
    AverageValue,

    /// <summary>A metric of the whole workload.</summary>
    Value,
}

/// <summary>Settings of the predictive target.</summary>
[GenerateSerializer, Immutable, Alias("cp.PredictivePolicy")]
public sealed record PredictivePolicy
{
    /// <summary>Whether forecasts may move the answer. Default true.</summary>
    [Id(0)] public bool Enabled { get; init; } = true;

    /// <summary>How far ahead forecasts reach; at least the lead time. Default 10 min.</summary>
    [Id(1)] public TimeSpan Horizon { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Time from decision to a ready pod until it has been measured. Default 60 s.</summary>
    [Id(2)] public TimeSpan LeadTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Price of a step in violation, in pod-steps; more buys more headroom. Default 100. What it is exactly: <see cref="Scaling.ReplicaPrices"/>.</summary>
    [Id(3)] public double ViolationCost { get; init; } = 100;

    /// <summary>
    /// How dear a change of the replicas is. At the default of 10 a release waits until 22 pod-steps could have been saved, a raise until 2 would be; both are in proportion to
    /// it. At 30 there are fewer changes than an HPA makes.
    /// </summary>
    [Id(4)] public double ChangeCost { get; init; } = 10;
}

/// <summary>A weekly window with bounds of its own, in UTC.</summary>
[GenerateSerializer, Immutable, Alias("cp.ScheduleWindow")]
public sealed record ScheduleWindow
{
    /// <summary>Days on which the window starts; empty: every day.</summary>
    [Id(0)] public ImmutableArray<DayOfWeek> Days { get; init; } = [];

    /// <summary>Start of the window, UTC.</summary>
    [Id(1)] public required TimeOnly From { get; init; }

    /// <summary>End of the window (exclusive), UTC; before the start means on the next day.</summary>
    [Id(2)] public required TimeOnly To { get; init; }

    /// <summary>Fewest replicas inside the window; null: the policy's.</summary>
    [Id(3)] public int? MinReplicas { get; init; }

    /// <summary>Most replicas inside the window; null: the policy's.</summary>
    [Id(4)] public int? MaxReplicas { get; init; }
}
