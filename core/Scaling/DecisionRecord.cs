namespace ControlPlane.Core.Scaling;

/// <summary>A decision with all that it was made from: enough to make it again, bit for bit.</summary>
[GenerateSerializer, Immutable, Alias("cp.DecisionRecord")]
public sealed record DecisionRecord
{
    /// <summary>The state before the decision.</summary>
    [Id(0)] public required DecisionState Before { get; init; }

    /// <summary>What it worked from.</summary>
    [Id(1)] public required DecisionInput Input { get; init; }

    /// <summary>What was decided.</summary>
    [Id(2)] public required ScalingDecision Decision { get; init; }

    /// <summary>Makes the decision again from the record.</summary>
    public ScalingDecision Replay() => DecisionPipeline.Decide(Before, Input).Decision;

    /// <summary>Whether a replay gives the same bytes as the decision that was recorded.</summary>
    public bool IsReproducible() => CoreJson.ToBytes(Replay()).AsSpan().SequenceEqual(CoreJson.ToBytes(Decision));
}
