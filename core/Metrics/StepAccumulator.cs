using System.Collections.Immutable;

namespace ControlPlane.Core.Metrics;

/// <summary>The accepted samples of the step that is open; what they add up to does not depend on the order in which they came.</summary>
public sealed class StepAccumulator
{
    private readonly List<MetricSample> _samples = [];

    /// <summary>Samples of the open step.</summary>
    public int Count => _samples.Count;

    /// <summary>Adds an accepted sample.</summary>
    public void Add(MetricSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        _samples.Add(sample);
    }

    /// <summary>Gives the samples sorted by signal, pod and timestamp, and starts an empty step.</summary>
    public ImmutableArray<MetricSample> Take()
    {
        _samples.Sort(Compare);
        ImmutableArray<MetricSample> taken = [.. _samples];
        _samples.Clear();
        return taken;
    }

    private static int Compare(MetricSample a, MetricSample b)
    {
        var order = string.CompareOrdinal(a.Signal, b.Signal);
        if (order == 0) order = string.CompareOrdinal(a.Pod, b.Pod);
        if (order == 0) order = a.Timestamp.CompareTo(b.Timestamp);
        return order == 0 ? a.Value.CompareTo(b.Value) : order;
    }
}
