namespace ControlPlane.Core.Learning;

/// <summary>What an adviser says before a step. It is part of what the decision works from, so that a record replays without the adviser.</summary>
[GenerateSerializer, Immutable, Alias("cp.Advice")]
public sealed record Advice
{
    /// <summary>The adviser as <c>name/version</c>; with another one the account begins anew.</summary>
    [Id(0)] public required string Model { get; init; }

    /// <summary>What it proposes.</summary>
    [Id(1)] public required AdviserMove Move { get; init; }

    /// <summary>Whether it had to be asked at this step, or said this some steps ago and it still holds.</summary>
    [Id(2)] public bool IsNew { get; init; }

    /// <summary>What it expects the move to save against no move, a fraction of the usual pods of a step.</summary>
    [Id(3)] public double Advantage { get; init; }

    /// <summary>Whether it was better on demands that it had not been trained on: otherwise it never acts, only its account is kept.</summary>
    [Id(4)] public bool IsReleased { get; init; }
}
