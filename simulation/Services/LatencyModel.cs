namespace ControlPlane.Simulation.Services;

/// <summary>
/// Response times of a pod: R = D + S + W. S is the service time (half of it fixed, half exponential); W is the wait in a queue of k
/// servers, zero or exponential as in M/M/k, with Sakasegawa's approximation of the chance to wait; D is the delay of a backlog that
/// an overload has left, backlog ÷ capacity. Everything that depends on the utilization alone is tabulated once.
/// </summary>
internal sealed class LatencyModel
{
    /// <summary>Levels of utilization from 0 to 1.</summary>
    public const int Levels = 2048;

    private readonly double _fixed;
    private readonly double _mean;
    private readonly double _capacity;
    private readonly double _exponent;
    private readonly double _longestWait;
    private readonly double _objective;
    private readonly double _timeout;
    private readonly LatencyLevel?[] _levels = new LatencyLevel?[Levels + 1];

    public LatencyModel(ServiceProfile profile, double speed, TimeSpan tick)
    {
        var service = profile.BaseServiceTime.TotalSeconds / speed;
        _fixed = service / 2;
        _mean = service / 2;
        _capacity = profile.CapacityPerPod * speed;
        var servers = Math.Max(1, _capacity * service);
        _exponent = Math.Sqrt(2 * (servers + 1)) - 1;
        // A queue at saturation grows with the square root of time: within one tick the stationary wait is not reached.
        _longestWait = Math.Sqrt(tick.TotalSeconds / _capacity);
        _objective = profile.ObjectiveLatency.TotalSeconds;
        _timeout = profile.RequestTimeout.TotalSeconds;
        CanMeetObjective = OverObjective(0, 0) <= 1 - profile.ObjectivePercentile;
        ObjectiveUtilization = CanMeetObjective ? FindObjectiveUtilization(1 - profile.ObjectivePercentile) : 0;
    }

    public bool CanMeetObjective { get; }

    /// <summary>Highest utilization at which the objective holds without a backlog.</summary>
    public double ObjectiveUtilization { get; }

    public static int LevelOf(double utilization) => (int)(Math.Clamp(utilization, 0, 1) * Levels + 0.5);

    /// <summary>P50, P95, P99 of S + W and the shares past the objective and the time-out, without a backlog.</summary>
    public LatencyLevel At(int level) => _levels[level] ??= Tabulate(level);

    /// <summary>Share of requests that take longer than the objective, with a backlog delay.</summary>
    public double OverObjective(int level, double delaySeconds) => Tail(level, _objective - delaySeconds);

    /// <summary>Share of requests that take longer than the time-out, with a backlog delay.</summary>
    public double OverTimeout(int level, double delaySeconds) => Tail(level, _timeout - delaySeconds);

    /// <summary>P(S + W &gt; x).</summary>
    public double Tail(int level, double x)
    {
        var y = x - _fixed;
        if (y <= 0) return 1;
        var (wait, chance) = Wait(level);
        var service = Math.Exp(-y / _mean);
        if (chance <= 0) return service;
        var both = Math.Abs(wait - _mean) < 1e-6 * _mean
            ? (1 + y / _mean) * service
            : (wait * Math.Exp(-y / wait) - _mean * service) / (wait - _mean);
        return Math.Clamp((1 - chance) * service + chance * both, 0, 1);
    }

    private (double MeanWhenWaiting, double Chance) Wait(int level)
    {
        var utilization = (double)level / Levels;
        if (level == 0) return (0, 0);
        var left = _capacity * (1 - utilization);
        var wait = left <= 0 ? _longestWait : Math.Min(1 / left, _longestWait);
        return (wait, Math.Pow(utilization, _exponent));
    }

    private LatencyLevel Tabulate(int level) => new(
        Quantile(level, 0.50),
        Quantile(level, 0.95),
        Quantile(level, 0.99),
        OverObjective(level, 0),
        OverTimeout(level, 0));

    private double Quantile(int level, double share)
    {
        double low = _fixed, high = _fixed + _mean;
        while (Tail(level, high) > 1 - share) high *= 2;
        for (var i = 0; i < 50; i++)
        {
            var middle = (low + high) / 2;
            if (Tail(level, middle) > 1 - share) low = middle;
            else high = middle;
        }

        return high;
    }

    private double FindObjectiveUtilization(double allowed)
    {
        int low = 0, high = Levels;
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (OverObjective(middle, 0) <= allowed) low = middle;
            else high = middle;
        }

        return (double)low / Levels;
    }
}

/// <summary>What a utilization means for response times, seconds and fractions.</summary>
internal sealed record LatencyLevel(double P50, double P95, double P99, double OverObjective, double OverTimeout);
