using System.Globalization;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Core.Scaling.Teams;

/// <summary>
/// What a service asks of its team, and when. It asks for twice what it wants to run for a while ahead, beside its minimum until the period ends, and anew when half
/// of that is used up, so that grants come before they are needed and what is not needed goes back.
/// </summary>
public static class TeamNeed
{
    /// <summary>Share of a period for which is asked ahead, within 2 min and 30 min.</summary>
    public const double AheadShare = 1.0 / 48;

    /// <summary>What more than this share of a grant is not needed goes back.</summary>
    public const double Slack = 0.1;

    private static readonly TimeSpan LeastAhead = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan MostAhead = TimeSpan.FromMinutes(30);

    /// <summary>How far ahead is asked.</summary>
    public static TimeSpan Ahead(TimeSpan period) => TimeSpan.FromTicks(Math.Clamp((long)(period.Ticks * AheadShare), LeastAhead.Ticks, MostAhead.Ticks));

    /// <summary>The fault of a team whose budget does not pay for the minimum of all of its services; null when it does.</summary>
    /// <param name="team">The team.</param>
    /// <param name="floors">Its services, with what the minimum of each takes within a period.</param>
    public static string? FloorFault(TeamBudget team, IReadOnlyCollection<(string Workload, double Floor)> floors)
    {
        ArgumentNullException.ThrowIfNull(team);
        ArgumentNullException.ThrowIfNull(floors);
        var sum = floors.Sum(f => f.Floor);
        if (floors.Count == 0 || sum <= team.Limit * (1 + 1e-9)) return null;
        var greatest = floors.MaxBy(f => f.Floor);
        return string.Create(CultureInfo.InvariantCulture,
            $"team: '{team.Name}' has {team.Limit:0.##} {team.Unit}, which do not pay for the minimum of its {floors.Count} services over {DurationText.Format(team.Budget.Period)}, which takes {sum:0.##}, most of it {greatest.Floor:0.##} of {greatest.Workload}");
    }

    /// <summary>The ask that follows a step, and the share after it; null when none is due.</summary>
    /// <param name="share">The share after the step.</param>
    /// <param name="policy">The policy in force.</param>
    /// <param name="workload">The service.</param>
    /// <param name="wish">Replicas that it has or wants, whichever are more.</param>
    /// <param name="askedAt">Time of the step after which was asked last; null before the first time.</param>
    /// <param name="epoch">Epoch of the decision maker.</param>
    /// <param name="sequence">Number of the ask within the epoch.</param>
    public static (TeamAsk Ask, TeamShare Share)? Of(TeamShare share, PolicyDocument policy, WorkloadId workload, int wish, DateTimeOffset? askedAt, long epoch, long sequence)
    {
        ArgumentNullException.ThrowIfNull(share);
        if (TeamBudget.Of(policy) is not { } team) return null;
        var (now, period, price) = (share.Account.CountedUntil, team.Budget.Period, share.Price);
        var (ahead, rest) = (Ahead(period), share.Account.PeriodStart + period - now);
        var least = BudgetPolicy.GreatestMinimum(policy);
        var (spent, held) = (share.Spent, share.Held(period));
        var floor = spent + least * rest.TotalHours * price;
        var more = Math.Max(0, Math.Max(2 * wish, wish + 1) - least) * price;
        var wanted = floor + more * Math.Min(ahead.TotalHours, rest.TotalHours);
        var wait = now - askedAt;
        var isLow = held is null || wanted - held > more * ahead.TotalHours / 2;
        if (wait < ahead / 8 || (!isLow && wait < ahead / 2)) return null;

        var floorOfPeriod = team.FloorOfPeriod(policy);
        var isRunning = share.Grant is { } grant && grant.Period == period && grant.PeriodStart == share.Account.PeriodStart;
        var (heldNow, heldNext) = (held ?? 0, isRunning ? share.Grant!.Next : 0);
        var ask = new TeamAsk
        {
            Workload = workload,
            Epoch = epoch,
            Sequence = sequence,
            Time = now,
            Spent = spent,
            Held = heldNow,
            HeldNext = heldNext,
            Floor = floor,
            FloorOfPeriod = floorOfPeriod,
            Wanted = Keep(heldNow, wanted),
            WantedNext = Keep(heldNext, floorOfPeriod + more * ahead.TotalHours),
        };
        return (ask, GiveBack(share, ask));
    }

    /// <summary>The share after an answer to its newest ask.</summary>
    public static TeamShare Answered(TeamShare share, TeamGrant grant)
    {
        ArgumentNullException.ThrowIfNull(share);
        ArgumentNullException.ThrowIfNull(grant);
        return grant.Period == share.Grant?.Period && grant.PeriodStart < share.Grant.PeriodStart ? share : share with { Grant = grant };
    }

    /// <summary>A little too much is kept, so that the account is not written for nothing.</summary>
    private static double Keep(double held, double wanted) => wanted < held && wanted >= held * (1 - Slack) ? held : wanted;

    private static TeamShare GiveBack(TeamShare share, TeamAsk ask)
    {
        if (share.Grant is not { } grant || (ask.Wanted >= ask.Held && ask.WantedNext >= ask.HeldNext)) return share;
        var kept = new TeamGrant
        {
            PeriodStart = share.Account.PeriodStart,
            Period = grant.Period,
            Granted = Math.Min(ask.Held, ask.Wanted),
            Next = Math.Min(ask.HeldNext, ask.WantedNext),
            IsSpent = grant.IsSpent,
        };
        return share with { Grant = kept };
    }
}
