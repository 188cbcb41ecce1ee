namespace ControlPlane.Simulation.Backtest.Frontier;

/// <summary>What an HPA is told of the load.</summary>
internal enum HpaMetric
{
    /// <summary>CPU of the ready pods, which cannot use more than <see cref="FastHpa.MostUtilization"/> of their request.</summary>
    Utilization,

    /// <summary>The demand itself, however overloaded the pods are.</summary>
    Rate,
}

/// <summary>Settings of one HPA.</summary>
/// <param name="Metric">What it is told.</param>
/// <param name="Target">Share of a pod's capacity that it aims at.</param>
/// <param name="Window">Stabilization before removing.</param>
/// <param name="Tolerance">Relative deviation that is ignored.</param>
internal sealed record HpaSetting(HpaMetric Metric, double Target, TimeSpan Window, double Tolerance)
{
    /// <summary>Kubernetes' defaults at a target.</summary>
    public static HpaSetting Default(HpaMetric metric, double target) => new(metric, target, TimeSpan.FromMinutes(5), 0.1);
}

/// <summary>
/// The HPA algorithm for equal pods and one metric, without the records of the general form: a sweep runs it thousands of times. Equal to it step by
/// step, which a test proves. Steps of at least 15 s: the rate limits (four pods or 100% in 15 s) then never see an earlier step.
/// </summary>
internal sealed class FastHpa
{
    /// <summary>CPU that a pod can use, as a share of its request.</summary>
    public const double MostUtilization = 1.6;

    private readonly HpaSetting _setting;
    private readonly int _percent;
    private readonly long _targetMilli;
    private readonly int _windowSteps;
    private readonly double _least;
    private readonly double _most;
    private readonly (int Step, int Replicas)[] _falling;
    private int _head;
    private int _count;
    private int _step;

    /// <param name="setting">Its settings.</param>
    /// <param name="step">Length of a step, at least 15 s.</param>
    /// <param name="initial">Replicas at the start; they count as the first recommendation.</param>
    public FastHpa(HpaSetting setting, TimeSpan step, int initial)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, TimeSpan.FromSeconds(15));
        _setting = setting;
        _percent = Math.Max(1, (int)Math.Round(setting.Target * 100));
        _targetMilli = Milli(setting.Target);
        _windowSteps = (int)Math.Ceiling(setting.Window / step);
        (_least, _most) = (1.0 - setting.Tolerance, 1.0 + setting.Tolerance);
        _falling = new (int, int)[_windowSteps + 1];
        Replicas = initial;
        if (_windowSteps > 0) _falling[_count++] = (0, initial);
    }

    /// <summary>Replicas that it asks for.</summary>
    public int Replicas { get; private set; }

    /// <summary>Runs over a whole demand; gives the replicas from each step on, decided by what was seen until the step before.</summary>
    public static int[] Run(FrontierService service, HpaSetting setting)
    {
        var totals = new int[service.Demand.Length];
        var ready = new ReadyWindow(service.StartupSteps + 1);
        var hpa = new FastHpa(setting, service.Step, service.Initial);
        totals[0] = hpa.Replicas;
        for (var t = 1; t < totals.Length; t++)
        {
            var serving = ready.Push(totals[t - 1]);
            totals[t] = hpa.Decide(service.Demand[t - 1], serving);
        }

        return totals;
    }

    /// <summary>Decides a step.</summary>
    /// <param name="demand">Pods' worth of demand of the step that ended; NaN when unknown: then the replicas stay.</param>
    /// <param name="ready">Pods that served it.</param>
    public int Decide(double demand, int ready)
    {
        var now = _step++;
        if (double.IsNaN(demand)) return Replicas;
        var wanted = _setting.Metric == HpaMetric.Rate ? ByRate(demand) : ByUtilization(demand, ready);
        wanted = Math.Min(Math.Max(Replicas, wanted), Ceiling(wanted, now));
        var most = Math.Max((long)Replicas + 4, 2L * Replicas);
        return Replicas = (int)Math.Clamp(wanted, 1, most);
    }

    private int ByRate(double demand)
    {
        var usage = Milli(demand);
        return IsTolerated(usage / ((double)_targetMilli * Replicas)) ? Replicas : (int)Math.Ceiling(usage / (double)_targetMilli);
    }

    private int ByUtilization(double demand, int ready)
    {
        var usage = (long)(Math.Min(demand / ready, MostUtilization) * 1000) * ready;
        var ratio = usage * 100 / (1000L * ready) / (double)_percent;
        if (Replicas == ready || ratio <= 1) return IsTolerated(ratio) ? Replicas : (int)Math.Ceiling(ratio * ready);
        // Starting pods count as idle when more are needed.
        var filled = usage * 100 / (1000L * Replicas) / (double)_percent;
        return IsTolerated(filled) || filled < 1 ? Replicas : Math.Max(Replicas, (int)Math.Ceiling(filled * Replicas));
    }

    /// <summary>Greatest recommendation of the window.</summary>
    private int Ceiling(int wanted, int now)
    {
        if (_windowSteps == 0) return wanted;
        while (_count > 0 && At(0).Step <= now - _windowSteps)
        {
            _head = (_head + 1) % _falling.Length;
            _count--;
        }

        while (_count > 0 && At(_count - 1).Replicas <= wanted) _count--;
        At(_count++) = (now, wanted);
        return At(0).Replicas;
    }

    private bool IsTolerated(double ratio) => _least <= ratio && ratio <= _most;

    private ref (int Step, int Replicas) At(int i) => ref _falling[(_head + i) % _falling.Length];

    private static long Milli(double value) => (long)Math.Ceiling(Math.Round(value * 1000, 6));
}
