namespace ControlPlane.Core.Forecasting.Models;

/// <summary>One change of the line-up.</summary>
[GenerateSerializer, Immutable, Alias("cp.ModelEvent")]
public sealed record ModelEvent
{
    /// <summary>When, UTC.</summary>
    [Id(0)] public required DateTimeOffset Time { get; init; }

    /// <summary>What happened.</summary>
    [Id(1)] public required ModelEventKind Kind { get; init; }

    /// <summary>The model that it happened to.</summary>
    [Id(2)] public required ModelId Model { get; init; }

    /// <summary>Why, for an operator.</summary>
    [Id(3)] public required string Reason { get; init; }
}

/// <summary>Kinds of changes of the line-up.</summary>
[GenerateSerializer, Alias("cp.ModelEventKind")]
public enum ModelEventKind
{
    /// <summary>A version was registered.</summary>
    Registered,

    /// <summary>A challenger's trial began.</summary>
    TrialStarted,

    /// <summary>A look at a trial did not decide.</summary>
    Looked,

    /// <summary>It became the champion.</summary>
    Promoted,

    /// <summary>It is champion for good: its probation is over.</summary>
    Confirmed,

    /// <summary>It was champion and gave way to its predecessor.</summary>
    RolledBack,

    /// <summary>It lost its trial or showed no difference.</summary>
    Rejected,

    /// <summary>It threw or gave values that are not finite.</summary>
    Failed,
}
