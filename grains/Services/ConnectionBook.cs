using System.Collections.Immutable;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Scaling.Removal;

namespace ControlPlane.Grains.Services;

/// <summary>The newest number of open connections that each pod has reported.</summary>
internal sealed class ConnectionBook
{
    /// <summary>How long a report counts.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(2);

    private const int MostPods = 10_000;
    private readonly SortedDictionary<string, MetricSample> _pods = new(StringComparer.Ordinal);

    /// <summary>Takes a sample in, where it is of a pod's connections.</summary>
    public void Note(MetricSample sample)
    {
        if (sample is not { Signal: RemovalChoice.ConnectionsSignal, Pod: { } pod } || (_pods.Count >= MostPods && !_pods.ContainsKey(pod))) return;
        if (!_pods.TryGetValue(pod, out var known) || sample.Timestamp >= known.Timestamp) _pods[pod] = sample;
    }

    /// <summary>What was reported lately, by pod; older reports are forgotten.</summary>
    public ImmutableArray<PodConnections> Newest(DateTimeOffset now)
    {
        foreach (var old in _pods.Where(p => now - p.Value.Timestamp > MaxAge).Select(p => p.Key).ToArray()) _pods.Remove(old);
        return [.. _pods.Select(p => new PodConnections(p.Key, p.Value.Value))];
    }
}
