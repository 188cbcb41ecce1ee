using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling.Teams;
using ControlPlane.Core.Workloads;
using Orleans.Concurrency;

namespace ControlPlane.GrainInterfaces;

/// <summary>The account of one team's budget. Key: <c>cluster/team</c>.</summary>
[Alias("cp.ITeamGrain")]
public interface ITeamGrain : IGrainWithStringKey
{
    /// <summary>Answers what a service wants of the budget; what it is given is stored when the call returns. Null when the cluster's policy does not declare the team.</summary>
    [Alias("Ask")]
    Task<TeamGrant?> Ask(TeamAsk ask);

    /// <summary>A service has left the team: what it did not spend is the others'.</summary>
    /// <param name="workload">The service.</param>
    /// <param name="spent">What it has spent in the period, in the budget's unit.</param>
    [Alias("Release")]
    Task Release(WorkloadId workload, double spent);

    /// <summary>What the grain knows now.</summary>
    [Alias("GetSnapshot"), AlwaysInterleave]
    Task<TeamSnapshot> GetSnapshot();

    /// <summary>As <see cref="GetSnapshot"/>, under the name that the Orleans dashboard asks for.</summary>
    [Alias("GetState"), AlwaysInterleave]
    Task<TeamSnapshot> GetState();
}

/// <summary>What a team's grain knows at a moment.</summary>
[GenerateSerializer, Immutable, Alias("cp.TeamSnapshot")]
public sealed record TeamSnapshot
{
    /// <summary>The team as the cluster's policy declares it; null when it does not, or before anybody asked.</summary>
    [Id(0)] public TeamBudget? Team { get; init; }

    /// <summary>Its account.</summary>
    [Id(1)] public required TeamAccount Account { get; init; }
}
