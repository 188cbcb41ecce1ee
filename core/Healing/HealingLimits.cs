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
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Why the pod is not evicted now; null when it may be.</summary>
    public static HealingReason? Refuse(HealingState state, HealingInput input, HealthReport health, PodFault fault)
    {
        var (time, policy) = (input.Observation.Time, input.Policy.Healing);
        var (hour, day, alike) = (0, 0, 0);
        DateTimeOffset? last = null;
        foreach (var deed in state.Deeds)
        {
            var isTried = deed.Action is HealingAction.EvictPod or HealingAction.None;
            if (isTried && !(deed.Time <= last)) last = deed.Time;
            if (deed.Action != HealingAction.EvictPod) continue;
            if (deed.Pod == fault.Pod && deed.CreatedAt == fault.CreatedAt && time - deed.Time < Leaving) return HealingReason.AlreadyDone;
            if (time - deed.Time < Hour) hour++;
            if (time - deed.Time < Day) day++;
            if (deed.Kind == fault.Kind && time - deed.Time < SameCause && deed.Node != fault.Node) alike++;
        }

        // Pods of one node have one cause: moving each of them off is one deed, done pod by pod.
        var isNode = health.Cause == CommonCause.Node;
        if (!isNode && alike >= MostAlike) return HealingReason.DoesNotHelp;
        if (hour >= policy.EvictionsPerHour || day >= policy.EvictionsPerDay) return HealingReason.LimitReached;
        if (!isNode && time - last < policy.Cooldown || isNode && time - last < input.Observation.Step) return HealingReason.CoolingDown;
        return IsWithinBudget(input, fault) ? null : HealingReason.BudgetSpent;
    }

    /// <summary>
    /// Whether the pod may go: after it, no more are unavailable than allowed. One that is not ready costs nothing, as disruption budgets
    /// have it. What is unknown is spent.
    /// </summary>
    private static bool IsWithinBudget(HealingInput input, PodFault fault)
    {
        if (input.Observation is not { CurrentReplicas: { } wanted, ReadyReplicas: { } ready }) return false;
        var allowed = Math.Max(1, (int)(input.Policy.Healing.MaxUnavailable * wanted));
        return wanted - ready + (fault.IsReady ? 1 : 0) <= allowed;
    }
}
