using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;
using ControlPlane.Simulation.Services;

namespace ControlPlane.Simulation.Backtest;

/// <summary>
/// As clouds scale by prediction (Amazon EC2 Auto Scaling user guide, «How predictive scaling works»): from at least a day and at most 14 days of history a capacity for
/// every hour, ordered a start-up before the hour begins; it only adds, taking away is left to the reactive HPA, which runs besides. The clouds do not say how they
/// forecast: here it is the mean of the same hour's highest loads on the days before.
/// </summary>
public sealed class HourlyScalingMethod(PolicyDocument policy, TimeSpan startup) : IScalingMethod
{
    private readonly ReactiveLoop _loop = new(policy);
    private readonly HourlyForecast _forecast = new();
    private readonly double _target = policy.Reactive.Metrics.FirstOrDefault(m => m.Type == MetricTargetType.Utilization)?.Target ?? MetricTarget.DefaultCpu.Target;

    /// <inheritdoc/>
    public string Name => "hourly";

    /// <inheritdoc/>
    public int? Decide(SimulatedService service)
    {
        var observation = _loop.Observe(service);
        if (observation.CurrentReplicas is not > 0) return null;
        if (Load(observation) is { } load) _forecast.Add(observation.Time - observation.Step, load);
        var reactive = _loop.Evaluate().Desired ?? observation.CurrentReplicas.Value;
        return _loop.Order(_loop.Bounds.Clamp(Math.Max(reactive, Scheduled(observation.Time))));
    }

    /// <summary>Pods that are busy all the time would carry it: the load that cloud groups measure.</summary>
    private static double? Load(Observation observation) => observation.ReadyReplicas * observation.Utilization;

    /// <summary>Replicas for the hour that runs and for the one that begins before a pod ordered now is ready.</summary>
    private int Scheduled(DateTimeOffset now)
    {
        var load = Math.Max(_forecast.At(now) ?? 0, _forecast.At(now + startup) ?? 0);
        return (int)Math.Ceiling(load / _target - 1e-9);
    }
}

/// <summary>The highest load of every hour, and what it says about the same hour of later days.</summary>
public sealed class HourlyForecast
{
    private const int KeptDays = 14;
    private static readonly TimeSpan LeastHistory = TimeSpan.FromHours(24);

    private readonly Dictionary<long, double> _highest = [];
    private DateTimeOffset? _first;

    /// <summary>Takes a load of a moment; moments come in order.</summary>
    public void Add(DateTimeOffset time, double load)
    {
        _first ??= time;
        var hour = Hour(time);
        _highest[hour] = _highest.TryGetValue(hour, out var known) ? Math.Max(known, load) : load;
        _highest.Remove(hour - (KeptDays + 1) * 24);
    }

    /// <summary>The load that is expected within the hour that holds a moment; null with less than a day of history, or when the hour was never seen.</summary>
    public double? At(DateTimeOffset time)
    {
        if (_first is not { } first || time - first < LeastHistory) return null;
        var (sum, count) = (0.0, 0);
        for (var day = 1; day <= KeptDays; day++)
        {
            if (!_highest.TryGetValue(Hour(time) - day * 24, out var load)) continue;
            sum += load;
            count++;
        }
        return count == 0 ? null : sum / count;
    }

    private static long Hour(DateTimeOffset time) => time.UtcTicks / TimeSpan.TicksPerHour;
}
