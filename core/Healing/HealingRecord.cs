namespace ControlPlane.Core.Healing;

/// <summary>A healing decision with all that it was made from: enough to make it again, bit for bit.</summary>
[GenerateSerializer, Immutable, Alias("cp.HealingRecord")]
public sealed record HealingRecord
{
    /// <summary>The state before the decision.</summary>
    [Id(0)] public required HealingState Before { get; init; }

    /// <summary>What it worked from.</summary>
    [Id(1)] public required HealingInput Input { get; init; }

    /// <summary>What was decided.</summary>
    [Id(2)] public required HealingDecision Decision { get; init; }

    /// <summary>Makes the decision again from the record.</summary>
    public HealingDecision Replay() => HealingRules.Decide(Before, Input).Decision;

    /// <summary>Whether a replay gives the same bytes as the decision that was recorded.</summary>
    public bool IsReproducible() => CoreJson.ToBytes(Replay()).AsSpan().SequenceEqual(CoreJson.ToBytes(Decision));
}
