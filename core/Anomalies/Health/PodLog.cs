using ControlPlane.Core.Metrics;

namespace ControlPlane.Core.Anomalies.Health;

/// <summary>What one pod did so far.</summary>
internal sealed class PodLog(PodStatus first)
{
    private const double Relief = 2;
    private const double MostHarm = 24;
    private DateTimeOffset _restartedAt = DateTimeOffset.MinValue;
    private DateTimeOffset _restartedBefore = DateTimeOffset.MinValue;
    private int? _restarts = first.RestartCount;

    /// <summary>The pod as it was last seen.</summary>
    public PodStatus Status { get; private set; } = first;

    /// <summary>Since when it has been ready, UTC; null while it is not.</summary>
    public DateTimeOffset? ReadySince { get; private set; }

    /// <summary>Since when a pod that was ready has not been, UTC; null while it is ready or has never been.</summary>
    public DateTimeOffset? UnreadySince { get; private set; }

    /// <summary>Since when it is in trouble, UTC: when it stopped being ready, or began to do harm before that; null while it is ready or has never been.</summary>
    public DateTimeOffset? TroubleSince => UnreadySince is null ? null : Harm > 0 ? HarmfulSince : UnreadySince;

    /// <summary>Harm that has gathered (a one-sided cumulative sum, Page 1954).</summary>
    public double Harm { get; private set; }

    /// <summary>Whether it did harm in the last step.</summary>
    public bool IsHarmful { get; private set; }

    /// <summary>The kind of the newest harm.</summary>
    public PodFaultKind Kind { get; private set; }

    /// <summary>Since when it does harm, UTC.</summary>
    public DateTimeOffset HarmfulSince { get; private set; }

    /// <summary>Whether it is the same pod, not a successor of the same name.</summary>
    public bool IsOf(PodStatus pod) => Status.Name == pod.Name && Status.CreatedAt == pod.CreatedAt;

    public void Next(DateTimeOffset time, PodStatus pod)
    {
        Status = pod;
        if (pod.RestartCount > _restarts)
        {
            // Two restarts between two looks count as two.
            _restartedBefore = pod.RestartCount - _restarts > 1 ? time : _restartedAt;
            _restartedAt = time;
        }

        _restarts = pod.RestartCount ?? _restarts;
        var isReady = pod is { IsReady: true, IsTerminating: false };
        if (isReady) (ReadySince, UnreadySince) = (ReadySince ?? pod.ReadyChangedAt ?? time, null);
        else if (ReadySince is not null) (ReadySince, UnreadySince) = (null, pod.ReadyChangedAt ?? time);
    }

    /// <summary>Restarts that were seen since a moment: 0, 1, or 2 for two and more.</summary>
    public int RestartsSince(DateTimeOffset moment) => _restartedBefore > moment ? 2 : _restartedAt > moment ? 1 : 0;

    /// <summary>When the restart before the last was seen.</summary>
    public DateTimeOffset FirstOfTwoRestarts => _restartedBefore;

    /// <summary>Takes in the harm of a step.</summary>
    public void Judge(DateTimeOffset time, Harm harm)
    {
        IsHarmful = harm.Amount > 0;
        if (!IsHarmful)
        {
            Harm = Math.Max(0, Harm - Relief);
            return;
        }

        if (Harm <= 0) HarmfulSince = time;
        Harm = Math.Min(MostHarm, Harm + harm.Amount);
        Kind = harm.Kind;
    }

    /// <summary>Forgets the harm of a pod that starts anew.</summary>
    public void Forgive() => Harm = 0;
}
