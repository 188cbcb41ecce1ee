using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using ControlPlane.Core.Scaling.Teams;
using ControlPlane.Core.Workloads;
using ControlPlane.GrainInterfaces;
using Orleans.Runtime;

namespace ControlPlane.Grains.Decisions;

/// <summary>
/// Asks a workload's team for its part of the budget. The call goes out beside the steps, in a turn that does not hold them up: a step decides by what is granted
/// already.
/// </summary>
/// <param name="workload">The workload.</param>
/// <param name="grains">Finds the team's grain.</param>
/// <param name="makeTimer">Makes the timer in whose turns the calls go out; not before the first is due, as most workloads have no team.</param>
/// <param name="answered">Takes a team and its answer to the newest ask.</param>
internal sealed class TeamDesk(WorkloadId workload, IGrainFactory grains, Func<Func<Task>, IGrainTimer> makeTimer, Action<string, TeamGrant> answered)
{
    private IGrainTimer? _timer;
    private DateTimeOffset? _askedAt;
    private (string Team, TeamAsk Ask)? _open;
    private (string Team, double Spent)? _left;
    private long _sequence;

    /// <summary>
    /// What is to be asked after a step, if anything, and the share as it must be stored before <see cref="Start"/>; null when nothing is.
    /// </summary>
    /// <param name="before">The share before the step.</param>
    /// <param name="share">The share after it.</param>
    /// <param name="policy">The policy in force.</param>
    /// <param name="decision">The decision.</param>
    /// <param name="epoch">Epoch of the decision maker.</param>
    public TeamErrand? Next(TeamShare? before, TeamShare? share, PolicyDocument policy, ScalingDecision decision, long epoch)
    {
        if (before is not null && before.Team != share?.Team) return new TeamErrand(share, null, (before.Team, before.Spent));
        if (share is null || _open is not null) return null;
        var wish = Math.Max(decision.CurrentReplicas ?? 0, Math.Max(decision.RecommendedReplicas ?? 0, decision.DesiredReplicas ?? 0));
        if (TeamNeed.Of(share, policy, workload, wish, _askedAt, epoch, _sequence + 1) is not { } need) return null;
        return new TeamErrand(need.Share, need.Ask, null);
    }

    /// <summary>Sends an errand on its way.</summary>
    public void Start(TeamErrand errand)
    {
        if (errand.Ask is { } ask)
        {
            _sequence = ask.Sequence;
            _askedAt = ask.Time;
            _open = (errand.Share!.Team, ask);
        }

        _left = errand.Left ?? _left;
        _timer ??= makeTimer(Send);
        _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Gives back what is left of a share, which is stored as gone.</summary>
    public Task Leave(TeamShare share) => TeamOf(share.Team).Release(workload, share.Spent);

    private async Task Send()
    {
        try
        {
            if (_left is { } left)
            {
                _left = null;
                await TeamOf(left.Team).Release(workload, left.Spent);
            }

            if (_open is { } open && await TeamOf(open.Team).Ask(open.Ask) is { } grant) answered(open.Team, grant);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException or IOException)
        {
            // The next ask says all of it again.
        }
        finally
        {
            _open = null;
        }
    }

    private ITeamGrain TeamOf(string team) => grains.GetGrain<ITeamGrain>($"{workload.Cluster}/{team}");
}

/// <summary>Something to be told to a team.</summary>
/// <param name="Share">The share as it must be stored before.</param>
/// <param name="Ask">What is asked; null when nothing is.</param>
/// <param name="Left">The team that the workload has left and what it spent there; null when it has not.</param>
internal sealed record TeamErrand(TeamShare? Share, TeamAsk? Ask, (string Team, double Spent)? Left);
