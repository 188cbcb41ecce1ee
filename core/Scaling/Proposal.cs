namespace ControlPlane.Core.Scaling;

/// <summary>What the stages before the guardrails ask for.</summary>
/// <param name="Recommended">Raw output before limits; null when there is none.</param>
/// <param name="Replicas">Replicas asked for.</param>
/// <param name="Rule">The limit that held, one of <see cref="Hpa.HpaRules"/>; null when none did.</param>
/// <param name="IsPredicted">Whether the forecast gave the answer.</param>
public readonly record struct Proposal(int? Recommended, int Replicas, string? Rule, bool IsPredicted);
