using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling.Teams;
using ControlPlane.Core.Workloads;
using ControlPlane.GrainInterfaces;
using ControlPlane.Grains.Policies;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace ControlPlane.Grains.Teams;

/// <summary>
/// Keeps the account of one team's budget. What a service is given is stored before it is answered; what it gives back need not be, because it has taken it off
/// its own share before.
/// </summary>
[GrainType("team")]
public sealed partial class TeamGrain(
    [PersistentState("team", StorageNames.Grains)] IPersistentState<TeamState> state,
    TimeProvider time,
    TeamReadings readings,
    ILogger<TeamGrain> logger) : Grain, ITeamGrain
{
    /// <summary>How long a budget is taken for the one in force.</summary>
    private static readonly TimeSpan PolicyAge = TimeSpan.FromMinutes(1);

    private TeamAccount _account = TeamAccount.Empty;
    private PolicyFollower _policy = null!;
    private DateTimeOffset _warnedFor;
    private DateTimeOffset _seenAt;
    private TeamReading _reading = null!;

    private string Name => this.GetPrimaryKeyString()[(Cluster.Length + 1)..];

    private string Cluster => this.GetPrimaryKeyString().Split('/', 2)[0];

    private TeamBudget? Team => _policy.Current.Teams.FirstOrDefault(t => t.Name == Name);

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _account = state.State.Account;
        _policy = new PolicyFollower(GrainFactory, Cluster);
        _reading = new TeamReading(Cluster, Name, null, _account, Met: 0, Refused: 0);
        return Follow();
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        readings.Remove(_reading);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<TeamGrant?> Ask(TeamAsk ask)
    {
        // A team may have been declared a moment ago.
        if (Team is null || time.GetUtcNow() - _seenAt >= PolicyAge) await Follow();
        if (Team is not { } team) return null;
        var (after, answer) = _account.Ask(ask, team);
        // More than the service has already: also where this activation has nothing new to say, as its account may be another's by now, which storing tells.
        if (answer.Granted > ask.Held || answer.Next > ask.HeldNext) await state.Replace(new TeamState { Account = after });
        _account = after;
        _reading = answer.IsSpent ? _reading with { Refused = _reading.Refused + 1 } : _reading with { Met = _reading.Met + 1 };
        Tell();
        Warn(team, answer);
        return answer;
    }

    /// <inheritdoc/>
    public async Task Release(WorkloadId workload, double spent)
    {
        var after = _account.Release(workload, spent);
        await state.Replace(new TeamState { Account = after });
        _account = after;
        Tell();
    }

    /// <inheritdoc/>
    public async Task<TeamSnapshot> GetSnapshot()
    {
        await Follow();
        return new TeamSnapshot { Team = Team, Account = _account };
    }

    /// <inheritdoc/>
    public Task<TeamSnapshot> GetState() => GetSnapshot();

    private async Task Follow()
    {
        await _policy.Refresh();
        _seenAt = time.GetUtcNow();
        Tell();
    }

    private void Tell() => readings.Put(_reading = _reading with { Team = Team, Account = _account });

    /// <summary>Once a period.</summary>
    private void Warn(TeamBudget team, TeamGrant answer)
    {
        if (!answer.IsSpent || _warnedFor == _account.PeriodStart) return;
        _warnedFor = _account.PeriodStart;
        LogSpent(this.GetPrimaryKeyString(), team.Budget.Enforcement, _account.Spent, _account.Granted, team.Limit, _account.PeriodStart + _account.Period);
    }

    [LoggerMessage(1501, LogLevel.Warning, "The {Enforcement} budget of {Team} does not give all that is asked for: {Spent:0.##} spent and {Granted:0.##} granted of {Limit:0.##} until {End:u}")]
    private partial void LogSpent(string team, BudgetEnforcement enforcement, double spent, double granted, double limit, DateTimeOffset end);
}

/// <summary>What a team's grain stores.</summary>
[GenerateSerializer, Immutable, Alias("cp.TeamState")]
public sealed record TeamState
{
    /// <summary>The account, with everything that was ever given.</summary>
    [Id(0)] public TeamAccount Account { get; init; } = TeamAccount.Empty;
}
