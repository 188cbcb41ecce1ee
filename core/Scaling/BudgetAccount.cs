using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;

namespace ControlPlane.Core.Scaling;

/// <summary>
/// What a workload has spent within the period that runs. Pure: the account after a step comes from the one before and the step. Every change of the replicas is stored
/// before it is carried out, so that after a crash the time since then is charged at the replicas that ran: a scale-in that cannot be stored is not carried out.
/// </summary>
[GenerateSerializer, Immutable, Alias("cp.BudgetAccount")]
public sealed record BudgetAccount
{
    /// <summary>Start of the period, UTC.</summary>
    [Id(0)] public required DateTimeOffset PeriodStart { get; init; }

    /// <summary>Replica-hours spent since then.</summary>
    [Id(1)] public double SpentHours { get; init; }

    /// <summary>Until when it was counted, UTC.</summary>
    [Id(2)] public required DateTimeOffset CountedUntil { get; init; }

    /// <summary>The account of the workload's own budget after a step; null without a budget.</summary>
    public static BudgetAccount? Step(BudgetAccount? account, PolicyDocument policy, Observation observation, int current) =>
        policy.Budget is { } budget && budget.AllowedHours() is not null ? Step(account, budget.Period, observation, current) : null;

    /// <summary>The account after a step: the replicas that ran since the last one are charged; a new period starts at nothing.</summary>
    public static BudgetAccount Step(BudgetAccount? account, TimeSpan period, Observation observation, int current)
    {
        var now = observation.Time;
        var start = StartOf(now, period);
        var from = account?.CountedUntil ?? now - observation.Step;
        if (from < start) from = start;
        var spent = account is not null && account.PeriodStart == start ? account.SpentHours : 0;
        return new BudgetAccount { PeriodStart = start, CountedUntil = now, SpentHours = spent + current * Math.Max(0, (now - from).TotalHours) };
    }

    /// <summary>Start of the period that holds a moment, counted from 1970-01-01 UTC.</summary>
    public static DateTimeOffset StartOf(DateTimeOffset time, TimeSpan period)
    {
        var ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        return new DateTimeOffset(time.UtcTicks - ticks % period.Ticks, TimeSpan.Zero);
    }

    /// <summary>
    /// Most replicas for the step that begins: what is left when the minimum has been paid until the period's end may be spent at once. At least the minimum.
    /// </summary>
    /// <param name="hours">What may be spent within the period, replica-hours.</param>
    /// <param name="period">The period.</param>
    /// <param name="policy">The policy, for the minimum.</param>
    /// <param name="step">Length of the step that begins.</param>
    public int Allowed(double hours, TimeSpan period, PolicyDocument policy, TimeSpan step)
    {
        var end = PeriodStart + period;
        // The step may reach into the next period, which has a budget of its own.
        var (length, rest) = (Smaller(step, end - CountedUntil), end - CountedUntil - step);
        if (length <= TimeSpan.Zero) return int.MaxValue;
        var kept = rest > TimeSpan.Zero ? BudgetPolicy.LeastHours(policy, rest) : 0;
        var most = Math.Floor((hours - SpentHours - kept) / length.TotalHours + 1e-9);
        return (int)Math.Clamp(most, BudgetPolicy.GreatestMinimum(policy), int.MaxValue);
    }

    private static TimeSpan Smaller(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
