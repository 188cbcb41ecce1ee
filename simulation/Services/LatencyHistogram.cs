namespace ControlPlane.Simulation.Services;

/// <summary>
/// Response times of many requests in logarithmic buckets, sixteen to a doubling, from 1 ms. Ticks without a backlog are only counted
/// by utilization and laid into buckets when a quantile is asked for: that keeps a tick cheap.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int PerDoubling = 16;
    private const int Buckets = 20 * PerDoubling;
    private const double Lowest = 0.001;

    private static readonly double[] Edges = [.. Enumerable.Range(0, Buckets + 1).Select(i => Lowest * Math.Pow(2, (double)i / PerDoubling))];

    private readonly double[] _buckets = new double[Buckets + 1];
    private readonly Dictionary<LatencyModel, double[]> _byLevel = [];
    private LatencyModel? _lastModel;
    private double[]? _lastLevels;

    public double Total { get; private set; }

    /// <summary>Adds requests whose response time follows from the utilization alone.</summary>
    public void Add(LatencyModel model, int level, double requests)
    {
        if (!ReferenceEquals(model, _lastModel))
        {
            if (!_byLevel.TryGetValue(model, out _lastLevels)) _byLevel[model] = _lastLevels = new double[LatencyModel.Levels + 1];
            _lastModel = model;
        }

        _lastLevels![level] += requests;
        Total += requests;
    }

    /// <summary>Adds requests that a backlog delayed as well.</summary>
    public void Add(LatencyModel model, int level, double delaySeconds, double requests)
    {
        Spread(_buckets, model, level, delaySeconds, requests);
        Total += requests;
    }

    /// <summary>Quantiles in seconds, one a share; null when nothing was added.</summary>
    public double?[] Quantiles(params ReadOnlySpan<double> shares)
    {
        var quantiles = new double?[shares.Length];
        if (Total <= 0) return quantiles;
        var buckets = Flatten();
        var sum = buckets.Sum();
        for (var i = 0; i < shares.Length; i++) quantiles[i] = Quantile(buckets, shares[i] * sum);
        return quantiles;
    }

    private static double Quantile(double[] buckets, double wanted)
    {
        double below = 0;
        for (var i = 0; i <= Buckets; i++)
        {
            if (below + buckets[i] >= wanted && buckets[i] > 0)
            {
                var low = i == 0 ? 0 : Edges[i - 1];
                return low + (Edges[i] - low) * (wanted - below) / buckets[i];
            }

            below += buckets[i];
        }

        return Edges[Buckets];
    }

    private double[] Flatten()
    {
        var buckets = (double[])_buckets.Clone();
        foreach (var (model, levels) in _byLevel)
        {
            for (var level = 0; level < levels.Length; level++)
            {
                if (levels[level] > 0) Spread(buckets, model, level, 0, levels[level]);
            }
        }

        return buckets;
    }

    private static void Spread(double[] buckets, LatencyModel model, int level, double delaySeconds, double requests)
    {
        var tail = 1.0;
        var first = delaySeconds <= Lowest ? 0 : Math.Clamp((int)(Math.Log2(delaySeconds / Lowest) * PerDoubling), 0, Buckets);
        for (var i = first; i <= Buckets && tail > 1e-9; i++)
        {
            var next = i == Buckets ? 0 : model.Tail(level, Edges[i] - delaySeconds);
            buckets[i] += requests * (tail - next);
            tail = next;
        }
    }
}
