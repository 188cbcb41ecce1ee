using System.Collections.Concurrent;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling.Teams;

namespace ControlPlane.Grains.Teams;

/// <summary>What the teams whose grains are active in this process say of their budgets; a host makes metrics of it. Safe for concurrent use.</summary>
public sealed class TeamReadings
{
    private readonly ConcurrentDictionary<string, TeamReading> _teams = [];

    /// <summary>The newest reading of every team.</summary>
    public IEnumerable<TeamReading> All => _teams.Values;

    /// <summary>Takes the place of the team's last reading.</summary>
    public void Put(TeamReading reading) => _teams[Key(reading)] = reading;

    /// <summary>Takes a reading away, unless a successor has put another.</summary>
    public void Remove(TeamReading reading) => _teams.TryRemove(KeyValuePair.Create(Key(reading), reading));

    private static string Key(TeamReading reading) => $"{reading.Cluster}/{reading.Name}";
}

/// <summary>What a team says of its budget.</summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="Name">The team.</param>
/// <param name="Team">The team as the cluster's policy declares it; null when it does not.</param>
/// <param name="Account">Its account.</param>
/// <param name="Met">Asks of its services that were given all that they asked for, since its grain was activated.</param>
/// <param name="Refused">Asks that were not, or came when a soft budget was spent, since its grain was activated.</param>
public sealed record TeamReading(string Cluster, string Name, TeamBudget? Team, TeamAccount Account, long Met, long Refused);
