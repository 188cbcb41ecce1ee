using System.Collections.Immutable;
using ControlPlane.Core.Anomalies.Health;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Core.Healing;

/// <summary>What was decided about the faults of one workload at one step, and why.</summary>
[GenerateSerializer, Immutable, Alias("cp.HealingDecision")]
public sealed record HealingDecision
{
    /// <summary>Unique: <c>workload@epoch.sequence+heal</c>, with a number when a step has several.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>The workload.</summary>
    [Id(1)] public required WorkloadId Workload { get; init; }

    /// <summary>Epoch of the decision maker.</summary>
    [Id(2)] public required long Epoch { get; init; }

    /// <summary>Number of the decision within its epoch.</summary>
    [Id(3)] public required long Sequence { get; init; }

    /// <summary>Time of the observation that it answers, UTC.</summary>
    [Id(4)] public required DateTimeOffset Time { get; init; }

    /// <summary>What is to be done.</summary>
    [Id(5)] public required HealingAction Action { get; init; }

    /// <summary>Why, as a code.</summary>
    [Id(6)] public required HealingReason Reason { get; init; }

    /// <summary>The pod that it is about; null when it is about the whole workload.</summary>
    [Id(7)] public PodFault? Fault { get; init; }

    /// <summary>What stands behind a trouble that is not one pod's.</summary>
    [Id(8)] public CommonCause Cause { get; init; }

    /// <summary>What it rests on, one sentence each.</summary>
    [Id(9)] public ImmutableArray<string> Evidence { get; init; } = [];

    /// <summary>Whether replicas may be taken away at this step.</summary>
    [Id(10)] public bool HoldsScaleIn { get; init; }

    /// <summary>Fewest replicas while a scale-in is undone; null when none is.</summary>
    [Id(11)] public int? FloorReplicas { get; init; }

    /// <summary>Version of the policy that was in force.</summary>
    [Id(12)] public required long PolicyVersion { get; init; }

    /// <summary>Whether the policy lets it be carried out.</summary>
    [Id(13)] public required bool IsActionable { get; init; }

    /// <summary>For example «evicts web-x7k2p: it does harm (share of errors 0.98, its peers' 0.01)».</summary>
    public string Sentence() => HealingSentence.Of(this);
}
