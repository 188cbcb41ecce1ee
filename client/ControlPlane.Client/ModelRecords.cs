namespace ControlPlane.Client;

/// <summary>The models that the control plane knows.</summary>
public sealed record ModelList
{
    /// <summary>The version whose forecasts are acted on, as <c>name/version</c>.</summary>
    public string? Champion { get; init; }

    /// <summary>The trial that runs; null when none does.</summary>
    public ModelTrialStatus? Trial { get; init; }

    /// <summary>Every version in the order of registration.</summary>
    public IReadOnlyList<ModelVersion> Models { get; init; } = [];

    /// <summary>The newest changes, newest first.</summary>
    public IReadOnlyList<ModelChange> Changes { get; init; } = [];
}

/// <summary>One version of a model.</summary>
public sealed record ModelVersion
{
    /// <summary>The version as <c>name/version</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Champion, Challenger, Former, Available, Rejected or RolledBack.</summary>
    public required string Status { get; init; }

    /// <summary>When it was registered.</summary>
    public required DateTimeOffset RegisteredAt { get; init; }

    /// <summary>Size of its artifact; 0: it is part of the program.</summary>
    public int ArtifactBytes { get; init; }

    /// <summary>Outcomes that it was scored on in trials.</summary>
    public long Outcomes { get; init; }

    /// <summary>Mean pinball loss in trials as a share of the services' usual demand; null before the first outcome.</summary>
    public double? Loss { get; init; }

    /// <summary>Share of outcomes at or below each quantile; null before the first outcome.</summary>
    public IReadOnlyDictionary<string, double>? Coverage { get; init; }

    /// <summary>Why it was left; null when it was not.</summary>
    public string? LastReason { get; init; }
}

/// <summary>One version with what it was made from.</summary>
public sealed record ModelDetails
{
    /// <summary>The version.</summary>
    public required ModelVersion Model { get; init; }

    /// <summary>What it was trained on; null when that is not known.</summary>
    public ModelTraining? Training { get; init; }

    /// <summary>Hyper-parameters by name.</summary>
    public IReadOnlyDictionary<string, double> Parameters { get; init; } = new Dictionary<string, double>();

    /// <summary>Scores of its training by name.</summary>
    public IReadOnlyDictionary<string, double> TrainingScores { get; init; } = new Dictionary<string, double>();

    /// <summary>What happened to it, newest first.</summary>
    public IReadOnlyList<ModelChange> Changes { get; init; } = [];
}

/// <summary>What a version was trained on.</summary>
/// <param name="From">Start of the oldest value.</param>
/// <param name="To">End of the newest value.</param>
/// <param name="Step">Length of a step.</param>
/// <param name="Series">Number of series.</param>
public sealed record ModelTraining(DateTimeOffset From, DateTimeOffset To, TimeSpan Step, int Series);

/// <summary>A trial that runs.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Purpose">Challenge or Probation.</param>
/// <param name="Champion">The version whose forecasts are acted on.</param>
/// <param name="Shadow">The version in shadow.</param>
/// <param name="StartedAt">Begin.</param>
/// <param name="Share">Share of services that run the shadow.</param>
/// <param name="Blocks">Complete blocks of evidence.</param>
/// <param name="Services">Services that reported.</param>
/// <param name="Outcomes">Outcomes that were scored.</param>
/// <param name="Difference">Change of the loss if the shadow spoke, a fraction; negative is better; null before the first outcome.</param>
public sealed record ModelTrialStatus(
    long Id, string Purpose, string Champion, string Shadow, DateTimeOffset StartedAt, double Share, int Blocks, int Services, long Outcomes, double? Difference);

/// <summary>One change of the models in use.</summary>
/// <param name="Time">When.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Model">To which version.</param>
/// <param name="Reason">Why.</param>
public sealed record ModelChange(DateTimeOffset Time, string Kind, string Model, string Reason);

/// <summary>How a training stands.</summary>
/// <param name="State">Idle, Running, Succeeded, Failed or Cancelled.</param>
/// <param name="Model">The version that is or was trained.</param>
/// <param name="Since">Since when.</param>
/// <param name="Message">What there is to say.</param>
public sealed record TrainingReport(string State, string? Model, DateTimeOffset? Since, string? Message);
