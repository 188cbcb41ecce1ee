using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ControlPlane.Core;
using ControlPlane.GrainInterfaces;
using Orleans.Runtime;

namespace ControlPlane.Grains.Models;

/// <summary>Holds the artifact of one version, apart from the registry, which is written often.</summary>
[GrainType("model-artifact")]
public sealed class ModelArtifactGrain([PersistentState("artifact", StorageNames.Grains)] IPersistentState<ModelArtifactState> state) : Grain, IModelArtifactGrain
{
    /// <inheritdoc/>
    public async Task<bool> Put(ImmutableArray<byte> artifact)
    {
        var stored = state.State.Bytes;
        if (!stored.IsDefaultOrEmpty) return stored.AsSpan().SequenceEqual(artifact.AsSpan());
        await state.Replace(new ModelArtifactState { Bytes = artifact });
        return true;
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<byte>> Get() => Task.FromResult(state.State.Bytes.IsDefault ? [] : state.State.Bytes);
}

/// <summary>What an artifact grain stores.</summary>
[GenerateSerializer, Immutable, Alias("cp.ModelArtifactState")]
public sealed record ModelArtifactState
{
    /// <summary>Bytes of a <see cref="Core.Forecasting.Models.ModelArtifact"/>; empty before the first.</summary>
    [Id(0), JsonConverter(typeof(Base64Bytes))] public ImmutableArray<byte> Bytes { get; init; } = [];
}
