using ControlPlane.Core.Metrics;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Anomalies.Watch;

/// <summary>Means of signals over intervals of the step grid: detectors work on a minute and more, steps are shorter.</summary>
/// <param name="signals">Number of signals.</param>
/// <param name="interval">Length of an interval.</param>
internal sealed class SignalMeans(int signals, TimeSpan interval)
{
    private readonly double[] _sums = new double[signals];
    private readonly int[] _counts = new int[signals];
    private long _index = -1;

    /// <summary>Length of an interval.</summary>
    public TimeSpan Interval => interval;

    /// <summary>Takes a step in. An interval that was left before it ended, because steps are missing, is dropped.</summary>
    /// <param name="time">End of the step, UTC.</param>
    /// <param name="step">Length of a step.</param>
    /// <param name="values">Value of every signal; one that is not finite is unknown.</param>
    /// <param name="means">Filled when the interval ends with this step: the mean of every signal, NaN where it was unknown throughout.</param>
    /// <returns>End of the interval that ends with this step; null when none does.</returns>
    public DateTimeOffset? Add(DateTimeOffset time, TimeSpan step, ReadOnlySpan<double> values, Span<double> means)
    {
        var index = StepGrid.IndexOf(time, interval);
        if (index != _index) Clear();
        _index = index;
        for (var k = 0; k < values.Length; k++)
        {
            if (!double.IsFinite(values[k])) continue;
            _sums[k] += values[k];
            _counts[k]++;
        }

        var end = StepGrid.EndOf(index, interval);
        if (time + step <= end) return null;
        for (var k = 0; k < means.Length; k++) means[k] = _counts[k] > 0 ? _sums[k] / _counts[k] : double.NaN;
        Clear();
        return end;
    }

    /// <summary>Appends the state.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(_index);
        writer.Write((ReadOnlySpan<double>)_sums);
        foreach (var count in _counts) writer.Write(count);
    }

    /// <summary>Takes over what <see cref="Save"/> wrote.</summary>
    public void Load(ref StateReader reader)
    {
        _index = reader.ReadInt64();
        reader.Read(_sums);
        for (var k = 0; k < _counts.Length; k++)
        {
            _counts[k] = reader.ReadInt32();
            if (_counts[k] < 0 || !double.IsFinite(_sums[k])) throw reader.Flaw("a mean has a negative count or is not finite");
        }
    }

    private void Clear()
    {
        _sums.AsSpan().Clear();
        _counts.AsSpan().Clear();
    }
}
