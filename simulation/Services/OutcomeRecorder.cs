namespace ControlPlane.Simulation.Services;

/// <summary>Sums up what happened tick by tick.</summary>
internal sealed class OutcomeRecorder(double tickHours, double allowedShare)
{
    private long _ticks, _violatedTicks, _underTicks, _overTicks;
    private double _violating, _finished, _failed, _arrived;
    private long _underPods, _overPods, _podTicks;
    private int _scaleUps, _scaleDowns;

    public LatencyHistogram Latency { get; } = new();

    /// <summary>Ticks in which the objective was missed and pod-ticks so far: what costs nothing to ask for.</summary>
    public (long ViolatedTicks, long PodTicks) Counts => (_violatedTicks, _podTicks);

    public void AddTick(in TickResult tick, int ready, int existing, int required)
    {
        _ticks++;
        _arrived += tick.Arrived;
        _failed += tick.Failed;
        _finished += tick.Finished;
        _violating += tick.Violating;
        if (tick.Violating > allowedShare * tick.Finished + 1e-9) _violatedTicks++;
        _podTicks += existing;
        if (ready < required)
        {
            _underTicks++;
            _underPods += required - ready;
        }
        else if (ready > required)
        {
            _overTicks++;
            _overPods += ready - required;
        }
    }

    public void AddScaling(int change)
    {
        if (change > 0) _scaleUps++;
        else if (change < 0) _scaleDowns++;
    }

    public ServiceOutcome ToOutcome()
    {
        var latency = Latency.Quantiles(0.50, 0.95, 0.99);
        return new ServiceOutcome
        {
            Ticks = _ticks,
            SloViolationRequestShare = Share(_violating, _finished),
            SloViolationTimeShare = Share(_violatedTicks, _ticks),
            UnderProvisionedTimeShare = Share(_underTicks, _ticks),
            UnderProvisionedPodHours = _underPods * tickHours,
            OverProvisionedTimeShare = Share(_overTicks, _ticks),
            OverProvisionedPodHours = _overPods * tickHours,
            PodHours = _podTicks * tickHours,
            ScaleUps = _scaleUps,
            ScaleDowns = _scaleDowns,
            LatencyP50Seconds = latency[0],
            LatencyP95Seconds = latency[1],
            LatencyP99Seconds = latency[2],
            TotalRequests = _arrived,
            ServedRequests = _finished - _failed,
            FailedRequests = _failed,
            UnservedDemandShare = Share(_failed, _finished),
        };
    }

    private static double Share(double part, double whole) => whole > 0 ? part / whole : 0;
}

/// <summary>What one tick did to the requests.</summary>
internal struct TickResult
{
    /// <summary>Requests that arrived.</summary>
    public double Arrived;

    /// <summary>Requests that were answered or failed.</summary>
    public double Finished;

    /// <summary>Requests that were refused, lost or timed out.</summary>
    public double Failed;

    /// <summary>Requests that failed or were slower than the objective.</summary>
    public double Violating;
}
