using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Anomalies.Series;

/// <summary>
/// How far a value is from what the same hour of the day usually brings: one running mean per hour, moved by errors that are clamped,
/// so that an anomaly is not learnt at once.
/// </summary>
/// <param name="rate">Least share of an error that moves the mean; the first visits of an hour count in full.</param>
/// <param name="clamp">Largest error that moves the mean, in units of the mean distance so far.</param>
/// <param name="buckets">Parts of the day with a mean each: 24, or 1 for no season.</param>
internal sealed class SeasonalResidual(double rate, double clamp, int buckets = SeasonalResidual.Hours)
{
    public const int Hours = 24;
    private readonly float[] _mean = new float[buckets];
    private readonly byte[] _visits = new byte[buckets];
    private double _first;
    private double _meanDistance;
    private int _count;

    /// <summary>Takes a value in and gives its signed distance; 0 on the first visit of an hour.</summary>
    /// <param name="time">Time of the value, UTC.</param>
    /// <param name="value">The value, finite.</param>
    public double Next(DateTimeOffset time, double value)
    {
        var hour = time.Hour * buckets / Hours;
        // Means are kept from the first value on, in single precision: a level far from 0 loses nothing.
        if (_count == 0) _first = value;
        if (_count < int.MaxValue) _count++;
        value -= _first;
        if (_visits[hour] == 0)
        {
            _visits[hour] = 1;
            _mean[hour] = (float)value;
            return 0;
        }

        var error = value - _mean[hour];
        _meanDistance += (Math.Abs(error) - _meanDistance) / _count;
        if (_visits[hour] < byte.MaxValue) _visits[hour]++;
        var bound = clamp * _meanDistance;
        _mean[hour] += (float)(Math.Max(rate, 1.0 / _visits[hour]) * Math.Clamp(error, -bound, bound));
        return error;
    }

    /// <summary>Appends the state.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(_count);
        writer.Write(_first);
        writer.Write(_meanDistance);
        writer.Write((ReadOnlySpan<float>)_mean);
        writer.Write((ReadOnlySpan<byte>)_visits);
    }

    /// <summary>Takes over what <see cref="Save"/> wrote.</summary>
    public void Load(ref StateReader reader)
    {
        _count = reader.ReadInt32();
        _first = reader.ReadDouble();
        _meanDistance = reader.ReadDouble();
        reader.Read(_mean);
        reader.Read(_visits);
        if (_count < 0 || !(_meanDistance >= 0)) throw reader.Flaw("a seasonal mean has negative weight");
    }
}
