namespace ControlPlane.Core.Scaling.Removal;

/// <summary>A pod among which those to remove are chosen.</summary>
/// <param name="Name">The pod's name.</param>
/// <param name="CreatedAt">When it was created, UTC; null when unknown.</param>
/// <param name="IsReady">Whether it runs on a node and is ready: others go first whatever they cost.</param>
/// <param name="ReadySince">Since when, UTC; null when unknown.</param>
/// <param name="Cost">Its deletion cost as it is now; null when it has none.</param>
/// <param name="IsOurs">Whether the cost is ours: one that somebody else set is left alone.</param>
public sealed record RemovalCandidate(string Name, DateTimeOffset? CreatedAt, bool IsReady, DateTimeOffset? ReadySince, int? Cost = null, bool IsOurs = false);

/// <summary>A change of a pod's deletion cost.</summary>
/// <param name="Pod">The pod's name.</param>
/// <param name="Cost">The cost; null takes ours away.</param>
public readonly record struct RemovalMark(string Pod, int? Cost);
