namespace ControlPlane.Core.Scaling.Hpa;

/// <summary>A recommendation after stabilization, rate limits and bounds.</summary>
public readonly record struct HpaBehaviorResult
{
    /// <summary>The state for the next time; it holds the recommendation.</summary>
    public required HpaState State { get; init; }

    /// <summary>After the stabilization windows.</summary>
    public required int Stabilized { get; init; }

    /// <summary>After rate limits and bounds.</summary>
    public required int Desired { get; init; }

    /// <summary>What held or limited the answer last, one of <see cref="HpaRules"/>; null when it passed unchanged.</summary>
    public string? Rule { get; init; }
}
