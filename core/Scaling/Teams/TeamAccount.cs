using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Core.Scaling.Teams;

/// <summary>
/// The account of a team: what each of its services may spend in the period that runs, and in the one after it. What is granted is never more than a hard budget in
/// sum; a service keeps to what it was granted by itself, so that neither crashes nor lost messages can overspend. Pure: the account after an ask comes from the one
/// before and the ask.
/// </summary>
[GenerateSerializer, Immutable, Alias("cp.TeamAccount")]
public sealed record TeamAccount
{
    /// <summary>Nothing is granted yet.</summary>
    public static TeamAccount Empty { get; } = new();

    /// <summary>Start of the period, UTC.</summary>
    [Id(0)] public DateTimeOffset PeriodStart { get; init; }

    /// <summary>Its length.</summary>
    [Id(1)] public TimeSpan Period { get; init; }

    /// <summary>The services, by id.</summary>
    [Id(2)] public ImmutableArray<TeamMember> Members { get; init; } = [];

    /// <summary>What the services have spent in the period, as they told last.</summary>
    [JsonIgnore]
    public double Spent => Sum(m => m.Spent);

    /// <summary>What they may spend in the period.</summary>
    [JsonIgnore]
    public double Granted => Sum(m => m.Granted);

    /// <summary>Answers an ask.</summary>
    /// <param name="ask">The ask.</param>
    /// <param name="team">The team and its budget.</param>
    public (TeamAccount After, TeamGrant Answer) Ask(TeamAsk ask, TeamBudget team)
    {
        ArgumentNullException.ThrowIfNull(ask);
        ArgumentNullException.ThrowIfNull(team);
        var account = Roll(BudgetAccount.StartOf(ask.Time, team.Budget.Period), team.Budget.Period);
        var index = account.Find(ask.Workload);
        var member = index >= 0 ? account.Members[index] : new TeamMember { Workload = ask.Workload };
        if ((ask.Epoch, ask.Sequence).CompareTo((member.Epoch, member.Sequence)) <= 0 || ask.Time < account.PeriodStart) return (account, account.Answer(member, isSpent: false));

        var isHard = team.Budget.Enforcement == BudgetEnforcement.Hard;
        var (granted, isRefused) = Grant(ask, member, isHard ? team.Limit - (account.Granted - member.Granted) : double.PositiveInfinity);
        var room = isHard ? team.Limit - (account.Sum(m => m.Next) - member.Next) : double.PositiveInfinity;
        member = member with
        {
            Epoch = ask.Epoch,
            Sequence = ask.Sequence,
            AskedAt = ask.Time,
            Spent = ask.Spent,
            FloorOfPeriod = ask.FloorOfPeriod,
            Granted = granted,
            Next = Math.Min(ask.WantedNext, Math.Max(0, room)),
            IsShort = granted < ask.Floor - Tiny,
        };
        var members = index >= 0 ? account.Members.SetItem(index, member) : account.Members.Insert(~index, member);
        account = account with { Members = members };
        return (account, account.Answer(member, isHard ? isRefused : account.Spent >= team.Limit));
    }

    /// <summary>The account after a service has left: what it did not spend is the others'.</summary>
    /// <param name="workload">The service.</param>
    /// <param name="spent">What it has spent in the period.</param>
    public TeamAccount Release(WorkloadId workload, double spent)
    {
        var index = Find(workload);
        if (index < 0) return this;
        var final = Math.Min(Members[index].Granted, Math.Max(spent, Members[index].Spent));
        return this with { Members = Members.SetItem(index, Members[index] with { Spent = final, Granted = final, Next = 0, FloorOfPeriod = 0, IsShort = false }) };
    }

    private const double Tiny = 1e-9;

    /// <summary>The account in the period that starts at a moment: what was granted ahead for it holds, the rest begins anew. An earlier moment changes nothing.</summary>
    private TeamAccount Roll(DateTimeOffset start, TimeSpan period)
    {
        if (period == Period && start <= PeriodStart) return this;
        var isFollowing = period == Period && start == PeriodStart + Period;
        return new TeamAccount
        {
            PeriodStart = start,
            Period = period,
            Members = isFollowing ? [.. Members.Where(m => m.Next > 0).Select(m => m with { Granted = m.Next, Next = 0, Spent = 0 })] : [],
        };
    }

    /// <summary>
    /// What a service may spend after its ask. What it has spent is granted whatever is left, to keep the books true; of what it wants, its minimum first, and the rest
    /// only where at least half is left, so that it is worth starting pods for.
    /// </summary>
    private static (double Granted, bool IsRefused) Grant(TeamAsk ask, TeamMember member, double room)
    {
        var kept = Math.Max(Math.Min(member.Granted, ask.Wanted), ask.Spent);
        var left = Math.Max(0, room - kept);
        var more = Math.Max(0, ask.Wanted - kept);
        if (more <= left + Tiny) return (kept + more, false);
        var floor = Math.Min(Math.Max(0, ask.Floor - kept), left);
        return (kept + (left >= more / 2 ? left : floor), true);
    }

    private TeamGrant Answer(TeamMember member, bool isSpent) =>
        new() { PeriodStart = PeriodStart, Period = Period, Granted = member.Granted, Next = member.Next, IsSpent = isSpent };

    private double Sum(Func<TeamMember, double> value)
    {
        var sum = 0.0;
        foreach (var member in Members) sum += value(member);
        return sum;
    }

    /// <summary>Where a service stands; the complement of where it would when it is not there.</summary>
    private int Find(WorkloadId workload)
    {
        var text = workload.ToString();
        var (low, high) = (0, Members.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = string.CompareOrdinal(Members[middle].Workload.ToString(), text);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }

        return ~low;
    }
}

/// <summary>A service in the account of its team; amounts in the budget's unit.</summary>
[GenerateSerializer, Immutable, Alias("cp.TeamMember")]
public sealed record TeamMember
{
    /// <summary>The service.</summary>
    [Id(0)] public required WorkloadId Workload { get; init; }

    /// <summary>Epoch of the newest ask.</summary>
    [Id(1)] public long Epoch { get; init; }

    /// <summary>Its number within the epoch.</summary>
    [Id(2)] public long Sequence { get; init; }

    /// <summary>When it was asked, UTC.</summary>
    [Id(3)] public DateTimeOffset AskedAt { get; init; }

    /// <summary>What it has spent in the period, as it told last.</summary>
    [Id(4)] public double Spent { get; init; }

    /// <summary>What it may spend in the period.</summary>
    [Id(5)] public double Granted { get; init; }

    /// <summary>What it may spend in the following one until it has asked there.</summary>
    [Id(6)] public double Next { get; init; }

    /// <summary>What its minimum takes in a whole period.</summary>
    [Id(7)] public double FloorOfPeriod { get; init; }

    /// <summary>Whether what it was granted does not pay for its minimum until the period ends.</summary>
    [Id(8)] public bool IsShort { get; init; }
}
