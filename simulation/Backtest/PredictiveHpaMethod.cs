using ControlPlane.Core.Policies;
using ControlPlane.Simulation.Services;

namespace ControlPlane.Simulation.Backtest;

/// <summary>
/// As the open-source Predictive HPA does it (jthomperoo/predictive-horizontal-pod-autoscaler, <c>docs/user-guide/models.md</c>): the HPA's replicas are kept as a
/// series, every so often an additive Holt-Winters model is fitted to it anew and predicts one value ahead, and the greater of the HPA's answer and the prediction
/// (<c>decisionType: maximum</c>) goes through stabilization and rate limits.
/// </summary>
public sealed class PredictiveHpaMethod(PolicyDocument policy, PredictiveHpaOptions? options = null) : IScalingMethod
{
    private readonly PredictiveHpaOptions _options = options ?? new PredictiveHpaOptions();
    private readonly ReactiveLoop _loop = new(policy);
    private readonly List<int> _history = [];
    private DateTimeOffset? _ranAt;

    /// <inheritdoc/>
    public string Name => "predictive-hpa";

    /// <inheritdoc/>
    public int? Decide(SimulatedService service)
    {
        var observation = _loop.Observe(service);
        if (observation.CurrentReplicas is not > 0 || _loop.Recommend() is not { } recommended) return null;
        if (_ranAt is not { } last || observation.Time - last >= _options.Interval)
        {
            _ranAt = observation.Time;
            Remember(recommended);
            if (HoltWintersReplicas.Next(_history, _options) is { } predicted) recommended = Math.Max(recommended, predicted);
        }
        return _loop.Order(_loop.Behave(recommended));
    }

    /// <summary>Whole seasons are let go, the oldest first.</summary>
    private void Remember(int replicas)
    {
        _history.Add(replicas);
        var most = _options.SeasonLength * (_options.StoredSeasons + 1);
        if (_history.Count >= most) _history.RemoveRange(0, _options.SeasonLength);
    }
}

/// <summary>Settings of the predictive HPA's Holt-Winters model.</summary>
public sealed record PredictiveHpaOptions
{
    /// <summary>Time between two predictions, which is also how far ahead each looks. Default 5 min, as long as the stabilization window holds what was predicted.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Predictions in a season. Default 288, a day.</summary>
    public int SeasonLength { get; init; } = 288;

    /// <summary>Seasons that are kept. Default 4, as in the project's examples.</summary>
    public int StoredSeasons { get; init; } = 4;

    /// <summary>Weight of the newest value in the level. Default 0.5; the examples' 0.9 overshoots, as their own text says.</summary>
    public double Alpha { get; init; } = 0.5;

    /// <summary>Weight of the newest change in the trend. Default 0.05.</summary>
    public double Beta { get; init; } = 0.05;

    /// <summary>Weight of the newest value in the season. Default 0.3.</summary>
    public double Gamma { get; init; } = 0.3;
}

/// <summary>Additive Holt-Winters over a series of replicas (Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 8.3), fitted from the first season on.</summary>
public static class HoltWintersReplicas
{
    /// <summary>The next value, rounded up; null with fewer than 10 + 2·⌊season ÷ 2⌋ values, as in the project.</summary>
    /// <param name="history">The replicas, oldest first.</param>
    /// <param name="options">Season and weights.</param>
    public static int? Next(IReadOnlyList<int> history, PredictiveHpaOptions options)
    {
        var length = options.SeasonLength;
        if (history.Count < 10 + 2 * (length / 2) || history.Count < length) return null;
        var season = new double[length];
        var level = 0.0;
        for (var i = 0; i < length; i++) level += history[i] / (double)length;
        for (var i = 0; i < length; i++) season[i] = history[i] - level;
        var trend = FirstTrend(history, length, level);
        for (var t = length; t < history.Count; t++)
        {
            var (at, value, before) = (t % length, history[t], level);
            level = options.Alpha * (value - season[at]) + (1 - options.Alpha) * (level + trend);
            trend = options.Beta * (level - before) + (1 - options.Beta) * trend;
            season[at] = options.Gamma * (value - level) + (1 - options.Gamma) * season[at];
        }
        return (int)Math.Ceiling(level + trend + season[history.Count % length] - 1e-9);
    }

    private static double FirstTrend(IReadOnlyList<int> history, int length, double level)
    {
        if (history.Count < 2 * length) return 0;
        var second = 0.0;
        for (var i = length; i < 2 * length; i++) second += history[i] / (double)length;
        return (second - level) / length;
    }
}
