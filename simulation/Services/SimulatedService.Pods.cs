using ControlPlane.Simulation.Randomness;

namespace ControlPlane.Simulation.Services;

public sealed partial class SimulatedService
{
    /// <summary>Share of the start-up time until the image is there and the container runs.</summary>
    private const double PullShare = 0.3;

    private const string NameLetters = "bcdfghjklmnpqrstvwxz2456789";

    private readonly List<SimulatedPod> _pods = [];
    private readonly string _podPrefix;
    private DateTimeOffset _nextPodEvent = DateTimeOffset.MaxValue;
    private long _nextOrdinal;
    private bool _regroup;

    /// <summary>Called after a pod was added, changed or removed.</summary>
    internal Action<SimulatedPod, PodChange, string>? PodChanged { get; set; }

    /// <summary>Whether pods are numbered as a stateful set's are, the highest number going first.</summary>
    internal bool HasOrdinalNames { get; }

    /// <summary>The pods in order of their names, as the Kubernetes API lists them.</summary>
    internal IReadOnlyList<SimulatedPod> Pods => _pods;

    /// <summary>The hash that a ReplicaSet's name and its pods' names carry.</summary>
    internal string TemplateHash => Letters(SeededRandom.Combine(SeededRandom.Combine(_seed, Name), "template"), 10);

    /// <summary>Takes a pod away (deletion, eviction); a new one takes its place when the replicas ask for it.</summary>
    internal void Delete(SimulatedPod pod, string reason)
    {
        Remove(pod, reason);
        Reconcile();
    }

    /// <summary>Looks for room for the pods that have found none.</summary>
    internal void PlaceWaitingPods()
    {
        foreach (var pod in _pods.ToArray())
        {
            if (pod.Node is null) Place(pod);
        }
    }

    internal void OnNodeLost(string node)
    {
        foreach (var pod in _pods.Where(p => p.Node == node))
        {
            Break(pod);
            pod.ReadyAt = DateTimeOffset.MaxValue;
            pod.GiveUpAt = Time + Profile.NodeLossToleration;
            Schedule(pod.GiveUpAt.Value);
            Changed(pod, PodChange.Modified, "NodeNotReady");
        }
    }

    internal void OnNodeRestored(string node)
    {
        foreach (var pod in _pods.Where(p => p.Node == node && p.GiveUpAt is not null))
        {
            pod.GiveUpAt = null;
            StartContainer(pod, Time);
            Changed(pod, PodChange.Modified, "NodeReady");
        }

        PlaceWaitingPods();
    }

    private void AddInitialPods(int count)
    {
        Replicas = count;
        var created = Time - TimeSpan.FromHours(1);
        for (var i = 0; i < count; i++)
        {
            var pod = NewPod(created);
            pod.Node = _placement.Place(this, pod);
            if (pod.Node is null) continue;
            pod.StartedAt = pod.RunningAt = pod.ReadyAt = created;
            pod.ReadyChangedAt = created;
            pod.IsRunning = pod.IsReady = true;
            ReadyReplicas++;
        }

        Regroup();
    }

    private void Reconcile()
    {
        while (_pods.Count < Replicas)
        {
            var pod = NewPod(Time);
            Changed(pod, PodChange.Added, "SuccessfulCreate");
            Place(pod);
        }

        while (_pods.Count > Replicas)
        {
            var first = _pods[0];
            foreach (var pod in _pods)
            {
                if (CompareForRemoval(pod, first) < 0) first = pod;
            }

            Remove(first, "SuccessfulDelete");
        }
    }

    private int CompareForRemoval(SimulatedPod a, SimulatedPod b) => HasOrdinalNames
        ? a.Name.Length != b.Name.Length ? b.Name.Length.CompareTo(a.Name.Length) : string.CompareOrdinal(b.Name, a.Name)
        : SimulatedPod.CompareForRemoval(a, b);

    private string NewName(long ordinal)
    {
        var number = 0;
        var name = HasOrdinalNames ? $"{Name}-{number}" : _podPrefix + Letters(SeededRandom.Combine(_seed, (ulong)ordinal), 5);
        while (_pods.Exists(p => p.Name == name))
            name = HasOrdinalNames ? $"{Name}-{++number}" : _podPrefix + Letters(SeededRandom.Combine(_seed, name), 5);
        return name;
    }

    private SimulatedPod NewPod(DateTimeOffset created)
    {
        var ordinal = _nextOrdinal++;
        var name = NewName(ordinal);
        var pod = new SimulatedPod(name, ordinal, created) { FailShare = _rollout?.FailShare ?? 0 };
        var index = _pods.FindIndex(p => string.CompareOrdinal(p.Name, name) > 0);
        _pods.Insert(index < 0 ? _pods.Count : index, pod);
        ForgetReadings();
        return pod;
    }

    private void Place(SimulatedPod pod)
    {
        pod.Node = _placement.Place(this, pod);
        if (pod.Node is null) return;
        pod.StartedAt = Time;
        var startup = Profile.Startup.Draw(SeededRandom.For(_seed, (ulong)pod.Ordinal));
        pod.RunningAt = Time + TimeSpan.FromSeconds(Math.Floor(startup.TotalSeconds * PullShare));
        pod.ReadyAt = Time + startup;
        pod.ReadyChangedAt = Time;
        Slow(pod);
        Changed(pod, PodChange.Modified, "Scheduled");
        Schedule(pod.RunningAt);
        if (pod.RunningAt <= Time) MovePods();
    }

    private void Remove(SimulatedPod pod, string reason)
    {
        if (!_pods.Remove(pod)) return;
        if (pod.IsReady) ReadyReplicas--;
        pod.IsReady = false;
        _regroup = true;
        if (pod.LeakBytesPerSecond > 0) _leaks--;
        if (pod.Node is not null) _placement.Remove(this, pod);
        ForgetReadings();
        PodChanged?.Invoke(pod, PodChange.Deleted, reason);
    }

    /// <summary>Takes a pod out of service with what waits for it.</summary>
    private void Break(SimulatedPod pod)
    {
        if (!pod.IsReady) return;
        if (_regroup) Regroup();
        _traffic.Lose(pod);
        pod.IsReady = false;
        pod.ReadyChangedAt = Time;
        ReadyReplicas--;
        _regroup = true;
    }

    private void StartContainer(SimulatedPod pod, DateTimeOffset from)
    {
        var startup = Profile.Startup.Draw(SeededRandom.For(SeededRandom.Combine(_seed, (ulong)pod.RestartCount + 1), (ulong)pod.Ordinal));
        pod.ReadyAt = from + TimeSpan.FromSeconds(Math.Ceiling(startup.TotalSeconds * (1 - PullShare)));
        Schedule(pod.ReadyAt);
    }

    /// <summary>Carries out what is due: containers that run, pods that become ready, recover or are given up.</summary>
    private void MovePods()
    {
        _nextPodEvent = DateTimeOffset.MaxValue;
        List<SimulatedPod>? lost = null;
        foreach (var pod in _pods)
        {
            if (pod.GiveUpAt <= Time) (lost ??= []).Add(pod);
            else Move(pod);
        }

        if (lost is null) return;
        foreach (var pod in lost) Remove(pod, "TaintManagerEviction");
        Reconcile();
    }

    private void Move(SimulatedPod pod)
    {
        if (!pod.IsRunning && pod.RunningAt <= Time && pod.GiveUpAt is null)
        {
            pod.IsRunning = true;
            Changed(pod, PodChange.Modified, "Started");
        }

        if (pod.IsRunning && !pod.IsReady && pod.ReadyAt <= Time)
        {
            pod.IsReady = true;
            pod.ReadyChangedAt = pod.ReadyAt;
            ReadyReplicas++;
            _regroup = true;
            Changed(pod, PodChange.Modified, "Ready");
        }

        if (pod.SlowUntil <= Time)
        {
            pod.SlowUntil = null;
            pod.Speed = 1;
            _regroup = true;
        }

        MoveFaults(pod);

        if (!pod.IsRunning) Schedule(pod.RunningAt);
        if (!pod.IsReady) Schedule(pod.ReadyAt);
        Schedule(pod.SlowUntil ?? DateTimeOffset.MaxValue);
        Schedule(pod.GiveUpAt ?? DateTimeOffset.MaxValue);
    }

    private void Schedule(DateTimeOffset time)
    {
        if (time < _nextPodEvent) _nextPodEvent = time;
    }

    private void Regroup()
    {
        _regroup = false;
        _traffic.Regroup(_pods);
    }

    private void Changed(SimulatedPod pod, PodChange change, string reason)
    {
        pod.Touch();
        ForgetReadings();
        PodChanged?.Invoke(pod, change, reason);
    }

    private static string Letters(ulong bits, int count) => string.Create(count, bits, static (text, state) =>
    {
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = NameLetters[(int)(state % (ulong)NameLetters.Length)];
            state /= (ulong)NameLetters.Length;
        }
    });
}

/// <summary>What happened to a pod.</summary>
internal enum PodChange
{
    Added,
    Modified,
    Deleted,
}
