using ControlPlane.Core.Metrics;

namespace ControlPlane.Core.Scaling.Hpa;

/// <summary>One pod's value of one metric.</summary>
public readonly record struct PodMetricValue
{
    /// <summary>Kubernetes' assumption where a source does not tell its window.</summary>
    public static readonly TimeSpan DefaultWindow = TimeSpan.FromMinutes(1);

    /// <summary>Makes a value.</summary>
    /// <param name="pod">The pod's name.</param>
    /// <param name="valueMilli">Thousandths of the metric's unit: millicores, thousandths of a byte.</param>
    /// <param name="timestamp">When it was measured.</param>
    /// <param name="window">The time over which it was measured; null: <see cref="DefaultWindow"/>.</param>
    public PodMetricValue(string pod, long valueMilli, DateTimeOffset timestamp, TimeSpan? window = null) =>
        (Pod, ValueMilli, Timestamp, Window) = (pod, valueMilli, timestamp, window ?? DefaultWindow);

    /// <summary>The pod's name.</summary>
    public string Pod { get; }

    /// <summary>The value, thousandths of the metric's unit.</summary>
    public long ValueMilli { get; }

    /// <summary>When it was measured.</summary>
    public DateTimeOffset Timestamp { get; }

    /// <summary>The time over which it was measured, up to the timestamp.</summary>
    public TimeSpan Window { get; }

    /// <summary>A sample of a pod as a value; null when the sample has no pod or no finite value.</summary>
    public static PodMetricValue? From(MetricSample sample, TimeSpan? window = null) =>
        sample.Pod is { } pod && MilliQuantity.TryFrom(sample.Value, out var milli)
            ? new PodMetricValue(pod, milli, sample.Timestamp, window)
            : null;
}
