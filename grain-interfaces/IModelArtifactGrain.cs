using System.Collections.Immutable;
using Orleans.Concurrency;

namespace ControlPlane.GrainInterfaces;

/// <summary>The artifact of one version. Key: the model id, <c>name/major.minor.patch</c>.</summary>
[Alias("cp.IModelArtifactGrain")]
public interface IModelArtifactGrain : IGrainWithStringKey
{
    /// <summary>Stores the bytes, once.</summary>
    /// <returns>False when others are stored already.</returns>
    [Alias("Put")]
    Task<bool> Put(ImmutableArray<byte> artifact);

    /// <summary>The bytes; empty when there are none.</summary>
    [Alias("Get"), AlwaysInterleave]
    Task<ImmutableArray<byte>> Get();
}
