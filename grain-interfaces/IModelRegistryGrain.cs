using System.Collections.Immutable;
using ControlPlane.Core.Forecasting.Models;
using Orleans.Concurrency;

namespace ControlPlane.GrainInterfaces;

/// <summary>
/// Versions of the models that predict one quantity, champion and challengers, their scores and the audit of changes. Key: one of <see cref="ModelSlots"/>.
/// Predictors ask through a cache of their silo, and report once a block.
/// </summary>
[Alias("cp.IModelRegistryGrain")]
public interface IModelRegistryGrain : IGrainWithStringKey
{
    /// <summary>Who forecasts and who runs in shadow now.</summary>
    [Alias("GetLineup"), AlwaysInterleave]
    Task<ModelLineup> GetLineup();

    /// <summary>All that is known, under the name that the Orleans dashboard asks for.</summary>
    [Alias("GetState"), AlwaysInterleave]
    Task<ModelRegistryState> GetState();

    /// <summary>Takes a version in; when the call returns, it is stored or refused.</summary>
    /// <param name="artifact">Bytes of a <see cref="ModelArtifact"/>.</param>
    /// <param name="isChallenger">Whether it is to have a trial against the champion.</param>
    [Alias("Register")]
    Task<ModelAdmission> Register(ImmutableArray<byte> artifact, bool isChallenger);

    /// <summary>Lets a version that is not in use have a trial.</summary>
    [Alias("Challenge")]
    Task<ModelAdmission> Challenge(ModelId model);

    /// <summary>Makes a version the champion on an operator's word; the former one stays in shadow for a probation.</summary>
    [Alias("Promote")]
    Task<ModelAdmission> Promote(ModelId model, string reason);

    /// <summary>Brings the former champion back, or the program's own model when there is none.</summary>
    [Alias("RollBack")]
    Task<ModelAdmission> RollBack(string reason);

    /// <summary>Counts what a service saw of the trial, or that a model failed; a report that comes again is not counted again.</summary>
    [Alias("Report")]
    Task<ReportOutcome> Report(ShadowReport report);
}

/// <summary>What became of a wish.</summary>
[GenerateSerializer, Immutable, Alias("cp.ModelAdmission")]
public sealed record ModelAdmission
{
    /// <summary>The model that it was about; null when it could not be told.</summary>
    [Id(0)] public ModelId? Model { get; init; }

    /// <summary>Why it was refused; null when it was done and stored.</summary>
    [Id(1)] public string? Refusal { get; init; }
}

/// <summary>Keys of registries: what their models predict.</summary>
public static class ModelSlots
{
    /// <summary>Demand of a workload.</summary>
    public const string Demand = "demand";
}
