using System.Collections.Immutable;

namespace ControlPlane.Core.Forecasting.Models;

/// <summary>All that the registry of models knows; changed only by <see cref="ModelRegistry"/>.</summary>
[GenerateSerializer, Immutable, Alias("cp.ModelRegistryState")]
public sealed record ModelRegistryState
{
    /// <summary>Grows with every change of the line-up.</summary>
    [Id(0)] public long Revision { get; init; }

    /// <summary>The champion; null before the registry was first opened.</summary>
    [Id(1)] public ModelId? Champion { get; init; }

    /// <summary>The champion before it, while it may have to come back; null otherwise.</summary>
    [Id(2)] public ModelId? Former { get; init; }

    /// <summary>Every version with its scores, in the order of registration.</summary>
    [Id(3)] public ImmutableArray<ModelRecord> Versions { get; init; } = [];

    /// <summary>Challengers that wait for their trial, first come first served.</summary>
    [Id(4)] public ImmutableArray<ModelId> Queue { get; init; } = [];

    /// <summary>The trial that runs; null when none does.</summary>
    [Id(5)] public ModelTrial? Trial { get; init; }

    /// <summary>Number of trials so far.</summary>
    [Id(6)] public long Trials { get; init; }

    /// <summary>The newest changes, oldest first.</summary>
    [Id(7)] public ImmutableArray<ModelEvent> Audit { get; init; } = [];

    /// <summary>What predictors follow.</summary>
    /// <param name="options">Gives the length of a block.</param>
    public ModelLineup Lineup(PromotionOptions options) => new()
    {
        Revision = Revision,
        Champion = Champion,
        Trial = Trial?.Id ?? 0,
        Shadow = Trial?.Shadow,
        Share = Trial?.Share ?? 0,
        Block = options.Block,
    };

    /// <summary>The record of a version; null when it is not known.</summary>
    public ModelRecord? Find(ModelId id)
    {
        foreach (var record in Versions)
            if (record.Id == id) return record;
        return null;
    }

    internal ModelRegistryState Update(ModelId id, Func<ModelRecord, ModelRecord> change) =>
        Find(id) is { } record ? this with { Versions = Versions.Replace(record, change(record)) } : this;

    internal ModelRegistryState Log(DateTimeOffset time, ModelEventKind kind, ModelId model, string reason)
    {
        var audit = Audit.Length < ModelRegistry.MostEvents ? Audit : Audit.RemoveAt(0);
        return this with { Audit = audit.Add(new ModelEvent { Time = time, Kind = kind, Model = model, Reason = reason }) };
    }
}
