using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Anomalies.Thresholds;

/// <summary>SPOT for a stream whose level drifts: the threshold lies above a moving mean of the last ordinary values (DSPOT, same paper).</summary>
internal sealed class DriftSpotThreshold
{
    private readonly SpotThreshold _spot;
    private readonly double[] _window;
    private long _count;

    /// <param name="probability">Probability of a false alarm at a step.</param>
    /// <param name="window">Values in the moving mean.</param>
    public DriftSpotThreshold(double probability, int window)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(window);
        _spot = new SpotThreshold(probability);
        _window = new double[window];
    }

    /// <summary>The threshold for the next value; infinite until there are enough.</summary>
    public double Value => _count < _window.Length ? double.PositiveInfinity : Mean() + _spot.Value;

    /// <summary>Takes a value in; an alarm is not learnt from.</summary>
    /// <returns>Whether it is above the threshold.</returns>
    public bool Next(double value)
    {
        if (!double.IsFinite(value)) return false;
        if (_count >= _window.Length && _spot.Next(value - Mean())) return true;
        _window[_count++ % _window.Length] = value;
        return false;
    }

    /// <summary>Appends the state.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(_count);
        writer.Write((ReadOnlySpan<double>)_window);
        _spot.Save(writer);
    }

    /// <summary>Takes over what <see cref="Save"/> wrote for the same settings.</summary>
    public void Load(ref StateReader reader)
    {
        _count = reader.ReadInt64();
        if (_count < 0) throw reader.Flaw("a moving mean has negative values");
        reader.Read(_window);
        _spot.Load(ref reader);
    }

    private double Mean()
    {
        var sum = 0.0;
        foreach (var value in _window) sum += value;
        return sum / _window.Length;
    }
}
