using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Anomalies.Thresholds;

/// <summary>
/// Finds where a level changed and stayed changed: two-sided cumulative sums of standardised deviations (CUSUM, Page 1954), against the
/// level since the last change. It also says when the change began: where the sum last left 0.
/// </summary>
internal sealed class ChangePoint
{
    private const int Learning = 30;

    /// <summary>Half of the smallest shift that matters, in standard deviations.</summary>
    private const double Slack = 0.5;
    private const double LargestStep = 4;
    private const double LargestValue = 1e15;
    private readonly double _limit;
    private long _steps;
    private int _seen;
    private double _mean;
    private double _squares;
    private double _up;
    private double _down;
    private long _upSince;
    private long _downSince;

    /// <param name="limit">Sum that is a change, in standard deviations: 5 is about once in 900 steps of normal noise, 10 hardly ever.</param>
    public ChangePoint(double limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        _limit = limit;
    }

    /// <summary>Takes a value in.</summary>
    /// <param name="value">The value; one that is not finite counts as a step without one.</param>
    /// <param name="stepsAgo">When a change is found, how many steps ago its first value was; 0 is this one.</param>
    /// <returns>1 for a rise that was found now, -1 for a fall, 0 otherwise.</returns>
    public int Next(double value, out int stepsAgo)
    {
        stepsAgo = 0;
        _steps++;
        if (!double.IsFinite(value)) return 0;
        value = Math.Clamp(value, -LargestValue, LargestValue);
        if (_seen < Learning)
        {
            Learn(value);
            return 0;
        }

        var deviation = Math.Sqrt(_squares / (_seen - 1));
        var z = deviation > 0 ? Math.Clamp((value - _mean) / deviation, -LargestStep, LargestStep) : Math.Sign(value - _mean) * LargestStep;
        if (_up == 0) _upSince = _steps;
        if (_down == 0) _downSince = _steps;
        _up = Math.Max(0, _up + z - Slack);
        _down = Math.Max(0, _down - z - Slack);
        var direction = _up > _limit ? 1 : _down > _limit ? -1 : 0;
        if (direction == 0)
        {
            if (Math.Abs(z) < LargestStep) Learn(value);
            return 0;
        }

        stepsAgo = (int)Math.Min(int.MaxValue, _steps - (direction > 0 ? _upSince : _downSince));
        (_seen, _mean, _squares, _up, _down) = (0, 0, 0, 0, 0);
        Learn(value);
        return direction;
    }

    /// <summary>Appends the state.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(_steps);
        writer.Write(_seen);
        writer.Write(_mean);
        writer.Write(_squares);
        writer.Write(_up);
        writer.Write(_down);
        writer.Write(_upSince);
        writer.Write(_downSince);
    }

    /// <summary>Takes over what <see cref="Save"/> wrote.</summary>
    public void Load(ref StateReader reader)
    {
        (_steps, _seen) = (reader.ReadInt64(), reader.ReadInt32());
        (_mean, _squares, _up, _down) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
        (_upSince, _downSince) = (reader.ReadInt64(), reader.ReadInt64());
        if (_steps < 0 || _seen < 0 || !(_squares >= 0)) throw reader.Flaw("a change point has impossible counts");
    }

    /// <summary>Mean and sum of squared deviations (Welford 1962).</summary>
    private void Learn(double value)
    {
        if (_seen < int.MaxValue) _seen++;
        var before = value - _mean;
        _mean += before / _seen;
        _squares += before * (value - _mean);
    }
}
