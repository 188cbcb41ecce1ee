namespace ControlPlane.Client;

/// <summary>Budgets of teams.</summary>
public sealed partial class ControlPlaneClient
{
    /// <summary>The teams of a cluster with their accounts, in the order of its policy.</summary>
    /// <exception cref="ControlPlaneException">Refused or unreachable.</exception>
    public Task<IReadOnlyList<TeamRecord>> GetTeamsAsync(string cluster, CancellationToken cancellationToken = default) =>
        GetAsync<IReadOnlyList<TeamRecord>>($"api/v1/teams/{cluster}", cancellationToken);

    /// <summary>One team of a cluster with its account.</summary>
    /// <exception cref="ControlPlaneException">Refused, not declared, or unreachable.</exception>
    public Task<TeamRecord> GetTeamAsync(string cluster, string team, CancellationToken cancellationToken = default) =>
        GetAsync<TeamRecord>($"api/v1/teams/{cluster}/{Uri.EscapeDataString(team)}", cancellationToken);
}
