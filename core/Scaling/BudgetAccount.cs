using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;

namespace ControlPlane.Core.Scaling;

/// <summary>What a workload has spent of its budget within the period that runs. Pure: the account after a step comes from the one before and the step.</summary>
[GenerateSerializer, Immutable, Alias("cp.BudgetAccount")]
public sealed record BudgetAccount
{
    /// <summary>Start of the period, UTC.</summary>
    [Id(0)] public required DateTimeOffset PeriodStart { get; init; }

    /// <summary>Replica-hours spent since then.</summary>
    [Id(1)] public double SpentHours { get; init; }

    /// <summary>Until when it was counted, UTC.</summary>
    [Id(2)] public required DateTimeOffset CountedUntil { get; init; }

    /// <summary>The account after a step: the replicas that ran since the last one are charged; a new period starts at nothing. Null without a budget.</summary>
    public static BudgetAccount? Step(BudgetAccount? account, PolicyDocument policy, Observation observation, int current)
    {
        if (policy.Budget is not { } budget || budget.AllowedHours() is null) return null;
        var (now, ticks) = (observation.Time, observation.Time.UtcTicks);
        var start = new DateTimeOffset(ticks - ticks % budget.Period.Ticks, TimeSpan.Zero);
        var from = account?.CountedUntil ?? now - observation.Step;
        if (from < start) from = start;
        var spent = account is not null && account.PeriodStart == start ? account.SpentHours : 0;
        return new BudgetAccount { PeriodStart = start, CountedUntil = now, SpentHours = spent + current * Math.Max(0, (now - from).TotalHours) };
    }

    /// <summary>
    /// Most replicas for the step that begins: what is left when the minimum has been paid until the period's end may be spent at once. At least the minimum.
    /// </summary>
    public int Allowed(PolicyDocument policy, TimeSpan step)
    {
        var budget = policy.Budget!;
        var end = PeriodStart + budget.Period;
        // The step may reach into the next period, which has a budget of its own.
        var (length, rest) = (Smaller(step, end - CountedUntil), end - CountedUntil - step);
        if (length <= TimeSpan.Zero) return int.MaxValue;
        var kept = rest > TimeSpan.Zero ? BudgetPolicy.LeastHours(policy, rest) : 0;
        var most = Math.Floor((budget.AllowedHours()!.Value - SpentHours - kept) / length.TotalHours + 1e-9);
        return (int)Math.Clamp(most, BudgetPolicy.GreatestMinimum(policy), int.MaxValue);
    }

    private static TimeSpan Smaller(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
