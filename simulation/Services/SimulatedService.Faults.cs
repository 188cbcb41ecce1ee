namespace ControlPlane.Simulation.Services;

public sealed partial class SimulatedService
{
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromMinutes(5);

    private readonly PriorityQueue<ServiceFault, (DateTimeOffset, int)> _faults = new();
    private int _faultNumber;
    private int _leaks;

    /// <summary>Lets a fault happen; one whose time has passed takes effect at the next tick.</summary>
    public void Inject(ServiceFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        if (fault.Kind == ServiceFaultKind.SlowPod && fault.Magnitude is not (> 0 and < 1))
            throw new ArgumentException($"A slow pod's magnitude is {fault.Magnitude}: it must lie between 0 and 1.", nameof(fault));
        if (fault.Kind == ServiceFaultKind.SlowNode && fault.Magnitude is not (> 0 and < 1) || fault.Kind == ServiceFaultKind.BadRelease && fault.Magnitude is not (>= 0 and <= 1))
            throw new ArgumentException($"The magnitude of a {fault.Kind} is {fault.Magnitude}: it must lie between 0 and 1.", nameof(fault));
        _faults.Enqueue(fault, (fault.Time, _faultNumber++));
    }

    /// <summary>Lets all faults of a schedule happen in their time.</summary>
    public void Inject(FaultSchedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        foreach (var fault in schedule.Faults) Inject(fault);
    }

    /// <summary>Ends a pod's container; the kubelet restarts it, the second and later times with back-off.</summary>
    internal void Crash(SimulatedPod pod, string reason)
    {
        if (!pod.IsRunning || pod.GiveUpAt is not null) return;
        Break(pod);
        pod.RestartCount++;
        pod.LastTermination = reason;
        pod.LastTerminatedAt = Time;
        pod.LeakedBytes = 0;
        RestartFaults(pod);
        var backOff = pod.RestartCount == 1 ? TimeSpan.Zero : FirstBackOff * Math.Pow(2, Math.Min(pod.RestartCount - 2, 10));
        StartContainer(pod, Time + (backOff < LongestBackOff ? backOff : LongestBackOff));
        Changed(pod, PodChange.Modified, reason == "OOMKilled" ? "OOMKilling" : "BackOff");
    }

    private void ApplyDueFaults()
    {
        while (_faults.TryPeek(out var fault, out var key) && key.Item1 <= Time)
        {
            _faults.Dequeue();
            Apply(fault);
        }
    }

    private void Apply(ServiceFault fault)
    {
        switch (fault.Kind)
        {
            case ServiceFaultKind.NodeLoss when fault.Magnitude > 0:
                Vanish(fault);
                return;
            case ServiceFaultKind.NodeLoss:
                _placement.LoseNode(fault.Target, Time + fault.Duration);
                return;
            case ServiceFaultKind.ScrapeLoss:
                _scrapeLostUntil = Later(_scrapeLostUntil, Time + fault.Duration);
                return;
            case ServiceFaultKind.ScrapeDelay:
                DelayScrapes(fault);
                return;
        }

        if (ApplyToAll(fault)) return;
        if (_pods.Count == 0) return;
        var pod = _pods[(fault.Target & int.MaxValue) % _pods.Count];
        switch (fault.Kind)
        {
            case ServiceFaultKind.PodCrash:
                Crash(pod, "Error");
                break;
            case ServiceFaultKind.SlowPod:
                pod.Speed = fault.Magnitude;
                pod.SlowUntil = Time + fault.Duration;
                pod.SlowEndsWithRestart = fault.EndsWithRestart == true;
                Schedule(pod.SlowUntil.Value);
                _regroup = true;
                break;
            case ServiceFaultKind.MemoryLeak:
                if (pod.LeakBytesPerSecond <= 0) _leaks++;
                pod.LeakBytesPerSecond = Math.Max(1, fault.Magnitude);
                pod.LeakUntil = fault.EndsWithRestart == false ? Time + fault.Duration : null;
                break;
            case ServiceFaultKind.CrashLoop:
                pod.CrashAfter = TimeSpan.FromSeconds(Math.Max(1, fault.Magnitude));
                pod.CrashUntil = Time + fault.Duration;
                Crash(pod, "Error");
                break;
            case ServiceFaultKind.HungPod:
                Hang(pod, Time + fault.Duration, stays: fault.EndsWithRestart == false);
                break;
            case ServiceFaultKind.SlowNode when pod.Node is { } node:
                SlowDown(node, fault.Magnitude, Time + fault.Duration);
                break;
        }
    }

    private void GrowLeaks()
    {
        foreach (var pod in _pods)
        {
            if (pod.LeakBytesPerSecond <= 0 || !pod.IsRunning) continue;
            if (pod.LeakUntil is { } until && (until <= Time || !pod.IsReady))
            {
                if (until <= Time) EndLeak(pod);
                continue;
            }

            pod.LeakedBytes += pod.LeakBytesPerSecond * _tick.TotalSeconds;
            if (Memory(pod) < Profile.MemoryLimitBytes) continue;
            // The restarted process starts small; unless the leak comes back, it is over with this fault.
            if (pod.LeakUntil is null) EndLeak(pod);
            Crash(pod, "OOMKilled");
        }
    }

    private void EndLeak(SimulatedPod pod)
    {
        pod.LeakBytesPerSecond = 0;
        _leaks--;
    }

    private double Memory(SimulatedPod pod) => Profile.MemoryIdleBytes + Profile.MemoryLoadBytes * _traffic.Busy(pod) + pod.LeakedBytes;

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
