using ControlPlane.Core.Anomalies.Health;

namespace ControlPlane.Core.Healing;

/// <summary>What keeps a faulty pod from being evicted.</summary>
internal static class HealingLimits
{
    /// <summary>Faulty successors of evicted pods within <see cref="SameCause"/> after which evicting is no help.</summary>
    public const int MostAlike = 3;

    /// <summary>How long a deed may be the same cause.</summary>
    public static readonly TimeSpan SameCause = TimeSpan.FromHours(1);

    /// <summary>Time that an evicted pod is given to go before it is tried again.</summary>
    private static readonly TimeSpan Leaving = TimeSpan.FromMinutes(10);
    /// <summary>Time in which a cluster notices that a node is gone; Kubernetes' default is 40 s.</summary>
    private static readonly TimeSpan NodeNotice = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan SameNode = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Why the pod is not evicted now; null when it may be.</summary>
    public static HealingReason? Refuse(HealingState state, HealingInput input, HealthReport health, PodFault fault)
    {
        var (time, policy) = (input.Observation.Time, input.Policy.Healing);
        // Pods of one node have one cause: moving all of them off is one deed, done as fast as the budget lets it.
        var isNode = health.Cause == CommonCause.Node || IsOfBadNode(state, time, fault);
        var (hour, day, alike, leaving) = (0, 0, 0, 0);
        foreach (var deed in state.Evictions)
        {
            if (deed.Pod == fault.Pod && deed.CreatedAt == fault.CreatedAt && time - deed.Time < Leaving) return HealingReason.AlreadyDone;
            if (time - deed.Time < Hour) hour++;
            if (time - deed.Time < Day) day++;
            if (deed.Kind == fault.Kind && time - deed.Time < SameCause && deed.Node != fault.Node) alike++;
            if (deed.Time == time && deed.WasReady) leaving++;
        }

        // A node that answers nothing is likely lost. Before the cluster has noticed it would send the new pods there again.
        if (isNode && fault.Kind == PodFaultKind.Hung && time - fault.Since < NodeNotice) return HealingReason.WaitsForNode;
        if (!isNode && alike >= MostAlike) return HealingReason.DoesNotHelp;
        if (!isNode && hour >= policy.EvictionsPerHour || day >= policy.EvictionsPerDay) return HealingReason.LimitReached;
        if (!isNode && time - state.TriedAt < policy.Cooldown) return HealingReason.CoolingDown;
        return IsWithinBudget(input, fault, leaving) ? null : HealingReason.BudgetSpent;
    }

    /// <summary>Whether a pod may be marked to go first: it gets requests, was not marked yet, and no more are marked than may be evicted.</summary>
    public static bool MayMark(HealingState state, HealingInput input, PodFault fault)
    {
        if (!fault.IsReady || HealingState.Has(state.Marks, fault) || HealingState.Has(state.Evictions, fault)) return false;
        var (hour, day) = (0, 0);
        foreach (var mark in state.Marks)
        {
            if (input.Observation.Time - mark.Time < Hour) hour++;
            if (input.Observation.Time - mark.Time < Day) day++;
        }

        return hour < input.Policy.Healing.EvictionsPerHour && day < Math.Min(input.Policy.Healing.EvictionsPerDay, HealingState.MostMarks);
    }

    /// <summary>Whether another pod was moved off the same node a short time ago.</summary>
    public static bool IsOfBadNode(HealingState state, DateTimeOffset time, PodFault fault)
    {
        if (fault.Node is null) return false;
        foreach (var deed in state.Evictions)
            if (deed.OfNode && deed.Node == fault.Node && time - deed.Time < SameNode) return true;
        return false;
    }

    /// <summary>
    /// Whether the pod may go: after it, no more are unavailable than allowed. One that is not ready costs nothing, as disruption budgets
    /// have it. What is unknown is spent.
    /// </summary>
    private static bool IsWithinBudget(HealingInput input, PodFault fault, int leaving)
    {
        if (input.Observation is not { CurrentReplicas: { } wanted, ReadyReplicas: { } ready }) return false;
        var allowed = (int)Math.Ceiling(input.Policy.Healing.MaxUnavailable * wanted);
        return wanted - ready + leaving + (fault.IsReady ? 1 : 0) <= allowed;
    }
}
