namespace ControlPlane.Client;

/// <summary>A team's budget and account.</summary>
public sealed record TeamRecord
{
    /// <summary>The team.</summary>
    public required string Name { get; init; }

    /// <summary>Hard or Soft.</summary>
    public required string Enforcement { get; init; }

    /// <summary>What the amounts count: <c>replica-hours</c> or <c>money</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>What all services together may spend within a period.</summary>
    public required double Budget { get; init; }

    /// <summary>The period.</summary>
    public required TimeSpan Period { get; init; }

    /// <summary>Start of the period that the account is about, UTC; null before a service has asked.</summary>
    public DateTimeOffset? PeriodStart { get; init; }

    /// <summary>What the services have spent in it, as they told last.</summary>
    public required double Spent { get; init; }

    /// <summary>What they may spend in it; no more than a hard budget.</summary>
    public required double Granted { get; init; }

    /// <summary>The services, by id.</summary>
    public IReadOnlyList<TeamServiceRecord> Services { get; init; } = [];
}

/// <summary>A service in a team's account; amounts in the team's unit.</summary>
/// <param name="Id">The service.</param>
/// <param name="Spent">What it has spent in the period, as it told last.</param>
/// <param name="Granted">What it may spend in the period.</param>
/// <param name="FloorOfPeriod">What its minimum takes in a whole period.</param>
/// <param name="IsShort">Whether what it was granted does not pay for its minimum until the period ends.</param>
/// <param name="AskedAt">When it asked last, UTC.</param>
public sealed record TeamServiceRecord(string Id, double Spent, double Granted, double FloorOfPeriod, bool IsShort, DateTimeOffset AskedAt);
