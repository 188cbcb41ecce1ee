using System.Collections.Immutable;

namespace ControlPlane.Core.Forecasting.Models;

/// <summary>What the registry keeps of one version of a model.</summary>
[GenerateSerializer, Immutable, Alias("cp.ModelRecord")]
public sealed record ModelRecord
{
    /// <summary>The version.</summary>
    [Id(0)] public required ModelId Id { get; init; }

    /// <summary>What it is now.</summary>
    [Id(1)] public required ModelStatus Status { get; init; }

    /// <summary>When it was registered, UTC.</summary>
    [Id(2)] public required DateTimeOffset RegisteredAt { get; init; }

    /// <summary>Size of its artifact; 0: it is part of the program.</summary>
    [Id(3)] public int ArtifactBytes { get; init; }

    /// <summary>What it was trained on; null when that is not known.</summary>
    [Id(4)] public TrainingWindow? Training { get; init; }

    /// <summary>Hyper-parameters.</summary>
    [Id(5)] public ImmutableArray<NamedValue> Parameters { get; init; } = [];

    /// <summary>Scores of its training.</summary>
    [Id(6)] public ImmutableArray<NamedValue> TrainingScores { get; init; } = [];

    /// <summary>Outcomes that it was scored on in trials.</summary>
    [Id(7)] public long Outcomes { get; init; }

    /// <summary>Sum of its scaled losses in trials.</summary>
    [Id(8)] public double Loss { get; init; }

    /// <summary>Outcomes at or below each of its quantiles in trials; empty before the first.</summary>
    [Id(9)] public ImmutableArray<long> Covered { get; init; } = [];

    /// <summary>Why it was left, the newest; null when it was not.</summary>
    [Id(10)] public string? LastReason { get; init; }

    /// <summary>Whether it is part of the program.</summary>
    public bool IsBuiltIn => ArtifactBytes == 0;

    internal ModelRecord Scored(long outcomes, double loss, ImmutableArray<long> covered) =>
        this with { Outcomes = Outcomes + outcomes, Loss = Loss + loss, Covered = PairedScores.Add(Covered, covered) };
}

/// <summary>What a version is.</summary>
[GenerateSerializer, Alias("cp.ModelStatus")]
public enum ModelStatus
{
    /// <summary>Known and not in use.</summary>
    Available,

    /// <summary>Its forecasts are acted on.</summary>
    Champion,

    /// <summary>Waits for its trial, or is in it.</summary>
    Challenger,

    /// <summary>The former champion, in shadow until its successor has proved itself.</summary>
    Former,

    /// <summary>It lost its trial or showed no difference.</summary>
    Rejected,

    /// <summary>It failed, or was worse after its promotion.</summary>
    RolledBack,
}
