namespace ControlPlane.Core.Healing;

/// <summary>What healing asks of scaling at a step.</summary>
/// <param name="Holds">Whether no replicas may be taken away.</param>
/// <param name="Floor">Fewest replicas; null: the policy's.</param>
[GenerateSerializer, Immutable, Alias("cp.ScaleInGuard")]
public sealed record ScaleInGuard([property: Id(0)] bool Holds, [property: Id(1)] int? Floor)
{
    /// <summary>What a decision asks for; null when it asks for nothing.</summary>
    public static ScaleInGuard? Of(HealingDecision decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        return decision.HoldsScaleIn || decision.FloorReplicas is not null ? new ScaleInGuard(decision.HoldsScaleIn, decision.FloorReplicas) : null;
    }
}
