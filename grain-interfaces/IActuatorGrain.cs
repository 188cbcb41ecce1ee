using ControlPlane.Core.Scaling;
using Orleans.Concurrency;

namespace ControlPlane.GrainInterfaces;

/// <summary>Carries decisions of one workload out. Key: the workload id.</summary>
[Alias("cp.IActuatorGrain")]
public interface IActuatorGrain : IGrainWithStringKey
{
    /// <summary>What the actuator knows now.</summary>
    [Alias("GetSnapshot"), AlwaysInterleave]
    Task<ActuatorSnapshot> GetSnapshot();

    /// <summary>As <see cref="GetSnapshot"/>, under the name that the Orleans dashboard asks for.</summary>
    [Alias("GetState"), AlwaysInterleave]
    Task<ActuatorSnapshot> GetState();
}

/// <summary>What an actuator knows at a moment.</summary>
[GenerateSerializer, Immutable, Alias("cp.ActuatorSnapshot")]
public sealed record ActuatorSnapshot
{
    /// <summary>Highest epoch seen; decisions of a lower one are dropped.</summary>
    [Id(0)] public required long Epoch { get; init; }

    /// <summary>Newest sequence seen within the epoch.</summary>
    [Id(1)] public required long Sequence { get; init; }

    /// <summary>The newest result; null before the first.</summary>
    [Id(2)] public ActuationResult? Last { get; init; }
}
