using System.Collections.Immutable;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Core.Scaling;

/// <summary>What was decided for one workload at one step, and why.</summary>
[GenerateSerializer, Immutable, Alias("cp.ScalingDecision")]
public sealed record ScalingDecision
{
    /// <summary>Unique: <c>workload@epoch.sequence</c>.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>The workload.</summary>
    [Id(1)] public required WorkloadId Workload { get; init; }

    /// <summary>Grows with every activation of the decision maker; a lower one is never carried out after a higher one.</summary>
    [Id(2)] public required long Epoch { get; init; }

    /// <summary>Number of the decision within its epoch, from 1.</summary>
    [Id(3)] public required long Sequence { get; init; }

    /// <summary>Time of the observation that it answers, UTC.</summary>
    [Id(4)] public required DateTimeOffset Time { get; init; }

    /// <summary>Replicas seen; null when unknown, and then nothing is changed.</summary>
    [Id(5)] public int? CurrentReplicas { get; init; }

    /// <summary>Raw output of the policy before the guardrails.</summary>
    [Id(6)] public int? RecommendedReplicas { get; init; }

    /// <summary>Replicas after all guardrails; null when nothing is asked for.</summary>
    [Id(7)] public int? DesiredReplicas { get; init; }

    /// <summary>What is to be done.</summary>
    [Id(8)] public required ScalingAction Action { get; init; }

    /// <summary>Why, as a code.</summary>
    [Id(9)] public required ReasonCode Reason { get; init; }

    /// <summary>Every stage in order, with its inputs and its output.</summary>
    [Id(10)] public ImmutableArray<DecisionStage> Stages { get; init; } = [];

    /// <summary>Version of the policy that was in force.</summary>
    [Id(11)] public required long PolicyVersion { get; init; }

    /// <summary>Name and version of the forecast's model as <c>name/version</c>; null when no forecast was used.</summary>
    [Id(12)] public string? Model { get; init; }

    /// <summary>Whether the policy lets the decision be carried out (<see cref="Policies.PolicyMode.Auto"/>).</summary>
    [Id(13)] public required bool IsActionable { get; init; }
}

/// <summary>What a decision asks the actuator to do.</summary>
[GenerateSerializer, Alias("cp.ScalingAction")]
public enum ScalingAction
{
    /// <summary>Leave the replicas as they are.</summary>
    Hold,

    /// <summary>Add replicas.</summary>
    ScaleUp,

    /// <summary>Remove replicas.</summary>
    ScaleDown,
}

/// <summary>One stage of a decision.</summary>
[GenerateSerializer, Immutable, Alias("cp.DecisionStage")]
public sealed record DecisionStage
{
    /// <summary>The stage's name, a stable lower-case word.</summary>
    [Id(0)] public required string Name { get; init; }

    /// <summary>What it worked from, in a fixed order.</summary>
    [Id(1)] public ImmutableArray<StageValue> Inputs { get; init; } = [];

    /// <summary>Replicas after the stage; null when it has no say.</summary>
    [Id(2)] public int? Output { get; init; }

    /// <summary>The rule that decided, a stable lower-case word or phrase; null when the stage let its input pass.</summary>
    [Id(3)] public string? Rule { get; init; }
}

/// <summary>A named number that a stage worked from.</summary>
[GenerateSerializer, Immutable, Alias("cp.StageValue")]
public readonly record struct StageValue
{
    /// <summary>Makes a named value.</summary>
    public StageValue(string name, double? value) => (Name, Value) = (name, value);

    /// <summary>The name with its unit where there is one, for example <c>lead_seconds</c>.</summary>
    [Id(0)] public string Name { get; init; }

    /// <summary>The value; null when unknown.</summary>
    [Id(1)] public double? Value { get; init; }
}
