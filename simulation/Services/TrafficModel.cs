using ControlPlane.Simulation.Randomness;

namespace ControlPlane.Simulation.Services;

/// <summary>
/// Spreads a tick's requests over the ready pods and works them off: a fluid queue with a bounded backlog. Pods that are alike form
/// one group with one queue, so that a tick of a healthy service costs the same for 2 pods and for 200.
/// </summary>
internal sealed class TrafficModel(ServiceProfile profile, TimeSpan tick)
{
    /// <summary>Clients that the IP-hash balancer knows.</summary>
    private const int Clients = 1024;

    private readonly Dictionary<double, LatencyModel> _models = [];
    private readonly List<PodGroup> _groups = [];
    private readonly List<LatencyPart> _parts = [];
    private readonly List<SimulatedPod> _owners = [];
    private readonly double _seconds = tick.TotalSeconds;
    private readonly double _maxQueueSeconds = profile.MaxQueueDelay.TotalSeconds;
    private double _totalWeight;
    private double _sharedBacklog;
    private double _lost;

    /// <summary>What the last tick's requests experienced.</summary>
    public IReadOnlyList<LatencyPart> Parts => _parts;

    /// <summary>Seconds that every request waits for something outside the pods.</summary>
    public double DependencySeconds { get; set; }

    /// <summary>What a pod's requests of the last tick experienced: share that failed and 95th percentile in seconds; null where it had none.</summary>
    public (double? Errors, double? LatencyP95) Experience(SimulatedPod pod)
    {
        if (pod.Group < 0 || pod.Group >= _groups.Count || _groups[pod.Group] is not { Finished: > 0 } group) return default;
        return (group.Failed / group.Finished, group.IsHung ? null : group.LastDelay + group.Model.At(group.LastLevel).P95);
    }

    /// <summary>Requests waiting in all queues.</summary>
    public double Backlog
    {
        get
        {
            var sum = _groups.Count == 0 ? _sharedBacklog : 0;
            foreach (var group in _groups) sum += group.Backlog;
            return sum;
        }
    }

    public LatencyModel Model(double speed)
    {
        if (!_models.TryGetValue(speed, out var model)) _models[speed] = model = new LatencyModel(profile, speed, tick);
        return model;
    }

    /// <summary>How busy a pod's group was in the last tick.</summary>
    public double Busy(SimulatedPod pod)
    {
        if (pod.Group < 0 || pod.Group >= _groups.Count) return 0;
        var busy = _groups[pod.Group].Busy;
        return double.IsNaN(busy) ? pod.Busy : busy;
    }

    /// <summary>A pod breaks down with what waits for it.</summary>
    public void Lose(SimulatedPod pod)
    {
        if (pod.Group < 0 || pod.Group >= _groups.Count) return;
        var group = _groups[pod.Group];
        var lost = group.Count > 0 ? group.Backlog / group.Count : 0;
        group.Backlog -= lost;
        group.Count--;
        _lost += lost;
        pod.Group = -1;
    }

    /// <summary>Forms the groups anew from the pods that are ready, in the order given.</summary>
    public void Regroup(List<SimulatedPod> pods)
    {
        KeepBacklogs();
        foreach (var pod in pods) pod.Busy = Busy(pod);
        _groups.Clear();
        _totalWeight = 0;
        var hashed = profile.Balancing == LoadBalancing.IpHash ? HashedWeights(pods.Count(p => p.IsReady)) : null;
        PodGroup? alike = null;
        var index = 0;
        foreach (var pod in pods)
        {
            pod.Group = -1;
            if (!pod.IsReady) continue;
            var isAlone = hashed is not null || pod.Speed != 1 || pod.FailShare > 0 || pod.IsHung;
            var group = isAlone ? Add(pod) : alike ??= Add(null);
            pod.Group = group.Index;
            group.Count++;
            var weight = hashed is not null ? hashed[index++] : Weight(pod.Speed);
            group.Weight += weight;
            _totalWeight += weight;
        }

        SettleBacklogs(alike);
    }

    /// <summary>Works one tick at a demand in requests per second.</summary>
    public TickResult Run(double demand, LatencyHistogram? histogram)
    {
        _parts.Clear();
        var result = new TickResult { Arrived = demand * _seconds, Failed = _lost, Finished = _lost, Violating = _lost };
        _lost = 0;
        if (_groups.Count == 0)
        {
            Fail(ref result, result.Arrived);
            return result;
        }

        foreach (var group in _groups)
        {
            var (finished, failed) = (result.Finished, result.Failed);
            var arrived = result.Arrived * (group.Weight / _totalWeight);
            if (group.IsHung) Hang(group, arrived, ref result);
            else Run(group, arrived, ref result, histogram);
            (group.Finished, group.Failed) = (result.Finished - finished, result.Failed - failed);
        }

        return result;
    }

    /// <summary>What a hung pod takes is lost, and it does no work.</summary>
    private static void Hang(PodGroup group, double arrived, ref TickResult result)
    {
        Fail(ref result, arrived + group.Backlog);
        (group.Backlog, group.Busy) = (0, 0);
    }

    private void Run(PodGroup group, double arrived, ref TickResult result, LatencyHistogram? histogram)
    {
        var rate = group.Count * profile.CapacityPerPod * group.Speed;
        var work = rate * _seconds;
        var waiting = group.Backlog;
        var level = LatencyModel.LevelOf(arrived / work);
        if (waiting + arrived > work)
        {
            var left = waiting + arrived - work;
            var refused = Math.Max(0, left - rate * _maxQueueSeconds);
            group.Backlog = left - refused;
            group.Busy = 1;
            Fail(ref result, refused);
            double first = waiting / rate, last = group.Backlog / rate;
            Finish(group, LatencyModel.Levels, first + (last - first) * 0.25, work / 2, ref result, histogram);
            Finish(group, LatencyModel.Levels, first + (last - first) * 0.75, work / 2, ref result, histogram);
            return;
        }

        group.Backlog = 0;
        group.Busy = (waiting + arrived) / work;
        var drained = 0.0;
        if (waiting > 0)
        {
            // The queue drains at rate − arrivals; whoever is served until it is empty waited for what was left of it.
            drained = Math.Min(waiting + arrived, rate * (waiting / (rate - arrived / _seconds)));
            Finish(group, LatencyModel.Levels, waiting / rate * 0.75, drained / 2, ref result, histogram);
            Finish(group, LatencyModel.Levels, waiting / rate * 0.25, drained / 2, ref result, histogram);
        }

        Finish(group, level, 0, waiting + arrived - drained, ref result, histogram);
    }

    private void Finish(PodGroup group, int level, double delay, double requests, ref TickResult result, LatencyHistogram? histogram)
    {
        if (requests <= 0) return;
        delay += DependencySeconds;
        (group.LastLevel, group.LastDelay) = (level, delay);
        _parts.Add(new LatencyPart(group.Model, level, delay, requests));
        var model = group.Model;
        double over, late;
        if (delay <= 0)
        {
            var tabulated = model.At(level);
            (over, late) = (tabulated.OverObjective, tabulated.OverTimeout);
            histogram?.Add(model, level, requests);
        }
        else
        {
            (over, late) = (model.OverObjective(level, delay), model.OverTimeout(level, delay));
            histogram?.Add(model, level, delay, requests);
        }

        var failing = group.FailShare;
        result.Finished += requests;
        result.Failed += requests * (failing + (1 - failing) * late);
        result.Violating += requests * (failing + (1 - failing) * over);
    }

    private static void Fail(ref TickResult result, double requests)
    {
        result.Finished += requests;
        result.Failed += requests;
        result.Violating += requests;
    }

    private PodGroup Add(SimulatedPod? pod)
    {
        var speed = pod?.Speed ?? 1;
        var group = new PodGroup(_groups.Count, pod, speed, Model(speed)) { Backlog = pod?.Backlog ?? 0 };
        _groups.Add(group);
        return group;
    }

    private void KeepBacklogs()
    {
        foreach (var group in _groups)
        {
            if (group.Pod is { } pod) pod.Backlog = group.Backlog;
            else _sharedBacklog += group.Backlog;
        }
    }

    /// <summary>What waited at pods that are gone goes to the others; with no pod left it is lost.</summary>
    private void SettleBacklogs(PodGroup? alike)
    {
        foreach (var previous in _owners)
        {
            if (previous.Group >= 0 && previous.Group < _groups.Count && _groups[previous.Group].Pod == previous) continue;
            _sharedBacklog += previous.Backlog;
            previous.Backlog = 0;
        }

        _owners.Clear();
        foreach (var group in _groups)
        {
            if (group.Pod is { } pod) _owners.Add(pod);
        }

        if (_groups.Count == 0) _lost += _sharedBacklog;
        else (alike ?? _groups[0]).Backlog += _sharedBacklog;
        _sharedBacklog = 0;
    }

    private double Weight(double speed) => profile.Balancing switch
    {
        LoadBalancing.LeastConnections => speed,
        LoadBalancing.PowerOfTwoChoices => Math.Sqrt(speed),
        _ => 1,
    };

    private static double[] HashedWeights(int pods)
    {
        var weights = new double[pods];
        for (var client = 0; client < Clients && pods > 0; client++) weights[(int)(SeededRandom.Combine((ulong)client, 17) % (ulong)pods)]++;
        return weights;
    }
}

/// <summary>Pods that share a queue because they are alike, or one pod that is not.</summary>
internal sealed class PodGroup(int index, SimulatedPod? pod, double speed, LatencyModel model)
{
    public int Index { get; } = index;

    public SimulatedPod? Pod { get; } = pod;

    public double Speed { get; } = speed;

    public LatencyModel Model { get; } = model;

    /// <summary>Share of its requests that fail.</summary>
    public double FailShare { get; } = pod?.FailShare ?? 0;

    public bool IsHung { get; } = pod?.IsHung ?? false;

    /// <summary>Requests of the last tick that were answered or failed.</summary>
    public double Finished { get; set; }

    /// <summary>Requests of the last tick that failed.</summary>
    public double Failed { get; set; }

    public int LastLevel { get; set; }

    public double LastDelay { get; set; }

    public int Count { get; set; }

    public double Weight { get; set; }

    public double Backlog { get; set; }

    /// <summary>Share of its capacity that the last tick used; NaN before its first, when its pods know what they did elsewhere.</summary>
    public double Busy { get; set; } = double.NaN;
}

/// <summary>Requests of one tick that had the same prospects.</summary>
internal readonly record struct LatencyPart(LatencyModel Model, int Level, double DelaySeconds, double Requests);
