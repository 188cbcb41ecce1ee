namespace ControlPlane.Core.Metrics.Filters;

/// <summary>Remembers which (signal, pod, timestamp) it has seen, up to a bound.</summary>
internal sealed class DuplicateFilter(int bound)
{
    private const int UsualSamples = 64;
    private readonly HashSet<(string Signal, string? Pod, long UtcTicks)> _seen = [];
    private long _forgetBefore = long.MinValue;
    private int _sweepAt = UsualSamples;
    private bool _isSwept;

    public SampleOutcome Judge(MetricSample sample)
    {
        var key = (sample.Signal, sample.Pod, sample.Timestamp.UtcTicks);
        if (_seen.Count >= bound) Sweep();
        if (_seen.Count >= bound) return _seen.Contains(key) ? SampleOutcome.Duplicate : SampleOutcome.Overflow;
        return _seen.Add(key) ? SampleOutcome.Accepted : SampleOutcome.Duplicate;
    }

    /// <summary>Samples before a moment need not be known any more; they are swept out when enough of them have come together.</summary>
    public void Forget(DateTimeOffset before)
    {
        (_forgetBefore, _isSwept) = (before.UtcTicks, false);
        if (_seen.Count >= _sweepAt) Sweep();
    }

    private void Sweep()
    {
        if (_isSwept) return;
        _isSwept = true;
        _seen.RemoveWhere(key => key.UtcTicks < _forgetBefore);
        _sweepAt = Math.Max(UsualSamples, 2 * _seen.Count);
    }
}
