using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Core.Learning;

namespace ControlPlane.Grains.Decisions;

/// <summary>Gives every decision grain an adviser of its own; a host registers one with an artifact, otherwise there is no adviser.</summary>
/// <param name="artifact">The adviser's artifact; null: none.</param>
public sealed class AdviserSource(ModelArtifact? artifact)
{
    /// <summary>A new adviser; null where the host has none.</summary>
    public AdviserModel? Make() => artifact is null ? null : AdviserModel.Of(artifact);
}
