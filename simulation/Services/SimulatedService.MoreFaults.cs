namespace ControlPlane.Simulation.Services;

public sealed partial class SimulatedService
{
    private readonly Dictionary<string, (double Speed, DateTimeOffset Until)> _slowNodes = [];
    private DateTimeOffset _dependencyUntil;
    private Rollout? _rollout;

    /// <summary>Whether something is wrong with a pod, with what all pods need, or with the release.</summary>
    internal bool IsFaulty => _traffic.DependencySeconds > 0 || _rollout is not null || _pods.Exists(p => p.IsFaulty);

    /// <summary>Whether more requests of the last tick missed the objective than its percentile allows.</summary>
    internal bool MissesObjective => _last.Violating > (1 - Profile.ObjectivePercentile) * _last.Finished + 1e-9;

    /// <summary>Requests of the last tick that failed or missed the objective.</summary>
    internal double LastViolating => _last.Violating;

    /// <summary>Ready pods without a fault.</summary>
    internal int SoundPods => _pods.Count(p => p is { IsReady: true, IsFaulty: false });

    /// <summary>Restarts a pod's container, as a failed liveness probe does.</summary>
    internal void Restart(SimulatedPod pod) => Crash(pod, "Error");

    /// <summary>Whether a pod's health endpoint answers within a time: it waits in the same queue as the requests.</summary>
    internal bool AnswersProbe(SimulatedPod pod, TimeSpan within) =>
        !pod.IsHung && !(_traffic.Experience(pod).LatencyP95 > within.TotalSeconds);

    /// <summary>A fault that is not one pod's; whether it was one.</summary>
    private bool ApplyToAll(ServiceFault fault)
    {
        var until = Time + fault.Duration;
        switch (fault.Kind)
        {
            case ServiceFaultKind.SlowDependency:
                _traffic.DependencySeconds = fault.Magnitude;
                _dependencyUntil = until;
                return true;
            case ServiceFaultKind.BadRelease:
                _rollout = new Rollout(Time, until, fault.Magnitude) { Next = Time };
                return true;
            case ServiceFaultKind.FrozenMetrics:
                Freeze(until, isRestamped: fault.Magnitude == 0);
                return true;
            case ServiceFaultKind.ClockSkew:
                (_skew, _skewUntil) = (TimeSpan.FromSeconds(fault.Magnitude), until);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Ends faults whose time has come, and rolls a release on.</summary>
    private void MoveFaults()
    {
        if (_traffic.DependencySeconds > 0 && _dependencyUntil <= Time) _traffic.DependencySeconds = 0;
        if (_rollout is { } rollout) Roll(rollout);
        if (_slowNodes.Count == 0) return;
        foreach (var (node, slow) in _slowNodes.ToArray())
            if (slow.Until <= Time) _slowNodes.Remove(node);
    }

    /// <summary>A node is gone and the cluster has not noticed: its pods are still thought ready and answer nobody.</summary>
    private void Vanish(ServiceFault fault)
    {
        var noticed = Time + TimeSpan.FromSeconds(fault.Magnitude);
        foreach (var pod in _pods.Where(p => p.Node == _placement.NodeOf(fault.Target))) Hang(pod, noticed + _tick, stays: true);
        Inject(fault with { Time = noticed, Magnitude = 0 });
    }

    private void Hang(SimulatedPod pod, DateTimeOffset until, bool stays)
    {
        (pod.HungUntil, pod.HangStays) = (until, stays);
        Schedule(until);
        _regroup = true;
    }

    private void SlowDown(string node, double speed, DateTimeOffset until)
    {
        _slowNodes[node] = (speed, until);
        foreach (var pod in _pods.Where(p => p.Node == node)) Slow(pod);
    }

    /// <summary>A pod that comes to a slow node is slow.</summary>
    private void Slow(SimulatedPod pod)
    {
        if (pod.Node is null || !_slowNodes.TryGetValue(pod.Node, out var slow)) return;
        (pod.Speed, pod.SlowUntil) = (slow.Speed, slow.Until);
        Schedule(slow.Until);
        _regroup = true;
    }

    /// <summary>What a restart of the container ends.</summary>
    private void RestartFaults(SimulatedPod pod)
    {
        if (pod.IsHung && !pod.HangStays) pod.HungUntil = null;
        if (pod.SlowEndsWithRestart) (pod.Speed, pod.SlowUntil, pod.SlowEndsWithRestart) = (1, null, false);
        pod.NextCrashAt = null;
    }

    /// <summary>Faults of a pod that begin or end by the clock.</summary>
    private void MoveFaults(SimulatedPod pod)
    {
        if (pod.HungUntil <= Time)
        {
            pod.HungUntil = null;
            _regroup = true;
        }

        if (pod.CrashAfter is not null && pod.CrashUntil <= Time) (pod.CrashAfter, pod.NextCrashAt) = (null, null);
        if (pod is { CrashAfter: { } life, IsReady: true, NextCrashAt: null }) pod.NextCrashAt = Time + life;
        if (pod.NextCrashAt <= Time) Crash(pod, "Error");
        Schedule(pod.HungUntil ?? DateTimeOffset.MaxValue);
        Schedule(pod.NextCrashAt ?? (pod.CrashAfter is null ? DateTimeOffset.MaxValue : pod.CrashUntil));
    }

    /// <summary>Replaces the next pod of the old release; at its end the release is taken back at once.</summary>
    private void Roll(Rollout rollout)
    {
        if (rollout.Until <= Time)
        {
            _rollout = null;
            foreach (var pod in _pods) pod.FailShare = 0;
            _regroup = true;
            return;
        }

        if (rollout.Next > Time || _pods.Exists(p => !p.IsReady)) return;
        rollout.Next = Time + Rollout.Every;
        if (_pods.Find(p => p.CreatedAt < rollout.Start) is { } old) Delete(old, "Killing");
    }

    /// <summary>A release on its way.</summary>
    private sealed record Rollout(DateTimeOffset Start, DateTimeOffset Until, double FailShare)
    {
        public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

        public DateTimeOffset Next { get; set; }
    }
}
