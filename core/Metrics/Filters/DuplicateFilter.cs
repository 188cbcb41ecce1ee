namespace ControlPlane.Core.Metrics.Filters;

/// <summary>Remembers which (signal, pod, timestamp) it has seen, up to a bound.</summary>
internal sealed class DuplicateFilter(int bound)
{
    private readonly HashSet<(string Signal, string? Pod, long UtcTicks)> _seen = [];

    public SampleOutcome Judge(MetricSample sample)
    {
        var key = (sample.Signal, sample.Pod, sample.Timestamp.UtcTicks);
        if (_seen.Contains(key)) return SampleOutcome.Duplicate;
        if (_seen.Count >= bound) return SampleOutcome.Overflow;
        _seen.Add(key);
        return SampleOutcome.Accepted;
    }

    public void Forget(DateTimeOffset before) => _seen.RemoveWhere(key => key.UtcTicks < before.UtcTicks);
}
