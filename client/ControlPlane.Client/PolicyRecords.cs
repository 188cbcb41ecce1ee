namespace ControlPlane.Client;

/// <summary>One change of a scope's policy.</summary>
public sealed record PolicyChangeRecord
{
    /// <summary>When, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Who asked for it, as far as it is known.</summary>
    public required string By { get; init; }

    /// <summary>The version that was admitted; 0 when the policy was removed.</summary>
    public required long Version { get; init; }

    /// <summary>What is different in the policy in force for the scope.</summary>
    public IReadOnlyList<PolicyFieldRecord> Changes { get; init; } = [];
}

/// <summary>A property that a change of a policy touched.</summary>
/// <param name="Field">The property, for example <c>objective.latency</c>.</param>
/// <param name="Before">Its value before, as JSON; null when there was none.</param>
/// <param name="After">Its value after, as JSON; null when there is none.</param>
public sealed record PolicyFieldRecord(string Field, string? Before, string? After);
