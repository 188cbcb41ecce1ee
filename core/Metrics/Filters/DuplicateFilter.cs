namespace ControlPlane.Core.Metrics.Filters;

/// <summary>Remembers which (signal, pod, timestamp) it has seen, up to a bound.</summary>
internal sealed class DuplicateFilter(int bound)
{
    private readonly HashSet<(string Signal, string? Pod, long UtcTicks)> _seen = [];

    public SampleOutcome Judge(MetricSample sample)
    {
        var key = (sample.Signal, sample.Pod, sample.Timestamp.UtcTicks);
        if (_seen.Count >= bound) return _seen.Contains(key) ? SampleOutcome.Duplicate : SampleOutcome.Overflow;
        return _seen.Add(key) ? SampleOutcome.Accepted : SampleOutcome.Duplicate;
    }

    public void Forget(DateTimeOffset before) => _seen.RemoveWhere(key => key.UtcTicks < before.UtcTicks);
}
