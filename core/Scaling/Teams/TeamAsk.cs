using ControlPlane.Core.Workloads;

namespace ControlPlane.Core.Scaling.Teams;

/// <summary>
/// What a service wants of its team's budget. Amounts are in the budget's unit and count from the start of the period, what was spent included, so that an ask that is
/// lost or comes twice does no harm.
/// </summary>
[GenerateSerializer, Immutable, Alias("cp.TeamAsk")]
public sealed record TeamAsk
{
    /// <summary>The service.</summary>
    [Id(0)] public required WorkloadId Workload { get; init; }

    /// <summary>Epoch of the decision maker.</summary>
    [Id(1)] public required long Epoch { get; init; }

    /// <summary>Number of the ask within the epoch; an older one than the newest seen changes nothing.</summary>
    [Id(2)] public required long Sequence { get; init; }

    /// <summary>The step that it follows, UTC; says which period it is about.</summary>
    [Id(3)] public required DateTimeOffset Time { get; init; }

    /// <summary>What the service has spent in the period.</summary>
    [Id(4)] public required double Spent { get; init; }

    /// <summary>What it may spend as far as it knows; 0 without a grant.</summary>
    [Id(5)] public double Held { get; init; }

    /// <summary>What it may spend in the following period as far as it knows.</summary>
    [Id(6)] public double HeldNext { get; init; }

    /// <summary>What it needs for its minimum until the period ends, with what was spent.</summary>
    [Id(7)] public required double Floor { get; init; }

    /// <summary>What its minimum takes in a whole period.</summary>
    [Id(8)] public required double FloorOfPeriod { get; init; }

    /// <summary>What it wants; less than <see cref="Held"/> gives the rest back.</summary>
    [Id(9)] public required double Wanted { get; init; }

    /// <summary>What it wants for the following period, at whose start it must have something.</summary>
    [Id(10)] public required double WantedNext { get; init; }
}

/// <summary>What a service may spend of its team's budget.</summary>
[GenerateSerializer, Immutable, Alias("cp.TeamGrant")]
public sealed record TeamGrant
{
    /// <summary>Start of the period, UTC.</summary>
    [Id(0)] public required DateTimeOffset PeriodStart { get; init; }

    /// <summary>Its length.</summary>
    [Id(1)] public required TimeSpan Period { get; init; }

    /// <summary>What the service may spend in the period, in the budget's unit, from its start.</summary>
    [Id(2)] public required double Granted { get; init; }

    /// <summary>What it may spend in the following period until that period's own grant.</summary>
    [Id(3)] public required double Next { get; init; }

    /// <summary>Whether the team has spent all of its budget (soft), or granted so much that not all was left that was asked for (hard).</summary>
    [Id(4)] public bool IsSpent { get; init; }

    /// <summary>What the period that starts at a moment may cost; null when the grant says nothing of it.</summary>
    public double? For(DateTimeOffset start, TimeSpan period) =>
        period != Period ? null : start == PeriodStart ? Granted : start == PeriodStart + Period ? Next : null;
}
