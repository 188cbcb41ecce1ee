using ControlPlane.Simulation.Traces;

namespace ControlPlane.Simulation.Services;

/// <summary>
/// A service under load: pods that take time to start, serve with finite capacity and fail. It moves by whole ticks of the load's step;
/// a run is a function of profile, load, seed and calls. Not safe for use by several threads at once.
/// </summary>
public sealed partial class SimulatedService
{
    private readonly TrafficModel _traffic;
    private readonly OutcomeRecorder _recorder;
    private readonly IPodPlacement _placement;
    private readonly LatencyModel _healthy;
    private readonly TimeSpan _tick;
    private readonly ulong _seed;
    private TickResult _last;
    private double _lastDemand;
    private bool _lastDemandKnown;
    private long _nextTick;

    /// <summary>Makes a service whose first pods are ready at the start.</summary>
    /// <exception cref="ArgumentException">The profile contradicts itself, or the start is not on a whole second.</exception>
    public SimulatedService(ServiceProfile profile, LoadSeries load, ulong seed, DateTimeOffset start, int initialReplicas)
        : this("service", profile, load, seed, start, initialReplicas, null, hasOrdinalNames: false)
    {
    }

    internal SimulatedService(
        string name,
        ServiceProfile profile,
        LoadSeries load,
        ulong seed,
        DateTimeOffset start,
        int initialReplicas,
        IPodPlacement? placement,
        bool hasOrdinalNames)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(load);
        ArgumentOutOfRangeException.ThrowIfNegative(initialReplicas);
        profile.Validate();
        if (start.Ticks % TimeSpan.TicksPerSecond != 0) throw new ArgumentException($"The start {start:O} must be on a whole second.", nameof(start));
        (Name, Profile, Load, _seed, _tick) = (name, profile, load, seed, load.Step);
        Time = ScoreFrom = start.ToUniversalTime();
        _traffic = new TrafficModel(profile, _tick);
        _healthy = _traffic.Model(1);
        _recorder = new OutcomeRecorder(_tick.TotalHours, 1 - profile.ObjectivePercentile);
        _placement = placement ?? new OpenPlacement(this);
        HasOrdinalNames = hasOrdinalNames;
        _podPrefix = $"{name}-{TemplateHash}-";
        AddInitialPods(initialReplicas);
    }

    /// <summary>The service's name; its pods' names begin with it.</summary>
    public string Name { get; }

    /// <summary>What the service is like.</summary>
    public ServiceProfile Profile { get; }

    /// <summary>The demand.</summary>
    public LoadSeries Load { get; }

    /// <summary>End of the last tick, UTC.</summary>
    public DateTimeOffset Time { get; private set; }

    /// <summary>Ticks that start earlier do not count in <see cref="Outcome"/>. Default: the start.</summary>
    public DateTimeOffset ScoreFrom { get; set; }

    /// <summary>Replicas that were asked for.</summary>
    public int Replicas { get; private set; }

    /// <summary>Pods that are ready to serve.</summary>
    public int ReadyReplicas { get; private set; }

    /// <summary>How the service fared so far.</summary>
    public ServiceOutcome Outcome => _recorder.ToOutcome();

    /// <summary>Ticks in which the objective was missed and pod-ticks so far; <see cref="Outcome"/> takes much longer.</summary>
    internal (long ViolatedTicks, long PodTicks) Counts => _recorder.Counts;

    /// <summary>Requests that wait in queues.</summary>
    public double Backlog => _traffic.Backlog;

    /// <summary>Fewest ready pods (at least 1) that keep the objective at a steady demand in requests per second.</summary>
    public int RequiredReplicas(double demand)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(demand);
        return Math.Max(1, (int)Math.Min(int.MaxValue, Math.Ceiling(demand / (Profile.CapacityPerPod * _healthy.ObjectiveUtilization) - 1e-9)));
    }

    /// <summary>Runs all whole ticks that end by a moment.</summary>
    public void AdvanceTo(DateTimeOffset time)
    {
        while (Time + _tick <= time) RunTick();
    }

    /// <summary>Asks for a number of replicas from now on.</summary>
    public void Scale(int replicas)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(replicas);
        if (replicas == Replicas) return;
        if (Time >= ScoreFrom) _recorder.AddScaling(replicas - Replicas);
        Replicas = replicas;
        Reconcile();
    }

    private void RunTick()
    {
        ApplyDueFaults();
        if (_regroup) Regroup();
        var counts = Time >= ScoreFrom;
        _lastDemand = Load.DemandAt(_nextTick);
        _lastDemandKnown = Load.IsKnownAt(_nextTick);
        _last = _traffic.Run(_lastDemand, counts ? _recorder.Latency : null);
        if (counts) _recorder.AddTick(_last, ReadyReplicas, _pods.Count, RequiredReplicas(_lastDemand));
        Time += _tick;
        _nextTick++;
        _samples = default;
        _placement.AdvanceTo(Time);
        if (Time >= _nextPodEvent) MovePods();
        if (_leaks > 0) GrowLeaks();
        MoveFaults();
        RememberScrape();
    }
}
