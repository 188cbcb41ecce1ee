using System.Collections.Immutable;
using ControlPlane.Core.Healing;
using ControlPlane.Core.Scaling;
using Orleans.Concurrency;

namespace ControlPlane.GrainInterfaces;

/// <summary>Decides for one workload. Key: the workload id.</summary>
[Alias("cp.IDecisionGrain")]
public interface IDecisionGrain : IGrainWithStringKey
{
    /// <summary>The newest decision; null before the first.</summary>
    [Alias("GetLatest"), AlwaysInterleave]
    Task<ScalingDecision?> GetLatest();

    /// <summary>As <see cref="GetLatest"/>, under the name that the Orleans dashboard asks for.</summary>
    [Alias("GetState"), AlwaysInterleave]
    Task<ScalingDecision?> GetState();

    /// <summary>The records that are kept, newest first: the latest steps and the latest changes.</summary>
    /// <param name="count">Most records to give.</param>
    [Alias("GetRecords"), AlwaysInterleave]
    Task<ImmutableArray<DecisionRecord>> GetRecords(int count);

    /// <summary>One record by its decision's id; null when it is not kept any more.</summary>
    [Alias("GetRecord"), AlwaysInterleave]
    Task<DecisionRecord?> GetRecord(string decisionId);

    /// <summary>Records of what was decided to be done about faults, newest first.</summary>
    [Alias("GetHealing"), AlwaysInterleave]
    Task<ImmutableArray<HealingRecord>> GetHealing();

    /// <summary>Gives back what the workload has left of its team's budget, because it is not registered any more.</summary>
    [Alias("LeaveTeam")]
    Task LeaveTeam();
}
