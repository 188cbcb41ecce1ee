namespace ControlPlane.Simulation.Traces;

/// <summary>A recorded demand on a regular grid. An interval that was not recorded is unknown, not 0.</summary>
public sealed class Trace
{
    /// <summary>Marks an interval without a value: no request count is negative.</summary>
    private const double Unknown = -1;

    private readonly double[] _rates;

    /// <summary>Makes a trace from requests per second, oldest first; a null is unknown.</summary>
    /// <exception cref="ArgumentException">There are no values, or one is negative or not finite.</exception>
    public Trace(string name, DateTimeOffset start, TimeSpan interval, IEnumerable<double?> requestsPerSecond)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        (Name, Start, Interval) = (name, start.ToUniversalTime(), interval);
        _rates = [.. requestsPerSecond.Select(Check)];
        if (_rates.Length == 0) throw new ArgumentException("A trace needs at least one value.", nameof(requestsPerSecond));
        (UnknownIntervals, Gaps) = CountUnknown(_rates);
    }

    /// <summary>Takes the array over; unknown intervals hold a negative number.</summary>
    internal Trace(string name, string column, DateTimeOffset start, TimeSpan interval, double[] rates)
    {
        (Name, Column, Start, Interval, _rates) = (name, column, start, interval, rates);
        (UnknownIntervals, Gaps) = CountUnknown(rates);
    }

    /// <summary>The file's name without folder and endings.</summary>
    public string Name { get; }

    /// <summary>The value column; empty when the trace was not read from a file.</summary>
    public string Column { get; } = "";

    /// <summary>Start of the first interval, UTC.</summary>
    public DateTimeOffset Start { get; }

    /// <summary>The recorded interval.</summary>
    public TimeSpan Interval { get; }

    /// <summary>Number of intervals, the unknown ones included.</summary>
    public int Length => _rates.Length;

    /// <summary>Length in time.</summary>
    public TimeSpan Duration => Interval * Length;

    /// <summary>Number of intervals without a value.</summary>
    public int UnknownIntervals { get; }

    /// <summary>Number of runs of intervals without a value.</summary>
    public int Gaps { get; }

    /// <summary>Mean rate of an interval in requests per second; null when unknown.</summary>
    public double? RequestsPerSecond(int index) => _rates[index] < 0 ? null : _rates[index];

    /// <summary>Number of requests in an interval; null when unknown.</summary>
    public double? Requests(int index) => RequestsPerSecond(index) * Interval.TotalSeconds;

    private static double Check(double? value) => value switch
    {
        null => Unknown,
        { } v when double.IsFinite(v) && v >= 0 => v,
        _ => throw new ArgumentException($"A rate is {value}: it must be finite and not negative."),
    };

    private static (int Unknown, int Gaps) CountUnknown(double[] rates)
    {
        int unknown = 0, gaps = 0;
        for (var i = 0; i < rates.Length; i++)
        {
            if (rates[i] >= 0) continue;
            unknown++;
            if (i == 0 || rates[i - 1] >= 0) gaps++;
        }

        return (unknown, gaps);
    }
}
