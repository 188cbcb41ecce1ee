using System.Globalization;

namespace ControlPlane.Simulation.Traces;

/// <summary>Collects rows in order, then lays them on the regular grid.</summary>
internal sealed class TraceRows(string path, string timeColumn)
{
    /// <summary>Marks a row without a value.</summary>
    public const double Unknown = -1;

    /// <summary>More grid cells than this are refused: the interval must be wrong.</summary>
    private const long MaxIntervals = 50_000_000;

    private readonly List<long> _ticks = [];
    private readonly List<double> _values = [];

    public void Add(long line, long ticks, double value)
    {
        if (_ticks.Count > 0 && ticks <= _ticks[^1])
        {
            var rule = ticks == _ticks[^1] ? "is there twice" : $"is before {Text(_ticks[^1])} in the line above; rows must be sorted by time";
            throw new TraceException(path, line, timeColumn, $"{Text(ticks)} {rule}");
        }

        _ticks.Add(ticks);
        _values.Add(value);
    }

    public Trace ToTrace(string column, TraceOptions options)
    {
        var interval = options.Interval?.Ticks ?? MostCommonDistance();
        var length = (_ticks[^1] - _ticks[0]) / interval + 1;
        if (length > MaxIntervals) throw new TraceException(path, $"{length} intervals of {TimeSpan.FromTicks(interval)} are more than {MaxIntervals}");
        var rates = new double[length];
        Array.Fill(rates, Unknown);
        var divisor = options.ValuesAreRates ? 1 : TimeSpan.FromTicks(interval).TotalSeconds;
        var lastKnown = _ticks[0] - interval;
        for (var i = 0; i < _ticks.Count; i++)
        {
            var distance = _ticks[i] - _ticks[0];
            if (distance % interval != 0) throw Irregular(i, interval);
            if (_values[i] < 0) continue;
            CheckGap(i, _ticks[i] - lastKnown - interval, options);
            rates[distance / interval] = _values[i] / divisor;
            lastKnown = _ticks[i];
        }

        CheckGap(_ticks.Count - 1, _ticks[^1] - lastKnown, options);
        if (lastKnown < _ticks[0]) throw new TraceException(path, 2, column, "no row has a value");
        return new Trace(NameOf(path), column, new DateTimeOffset(_ticks[0], TimeSpan.Zero), TimeSpan.FromTicks(interval), rates);
    }

    private long MostCommonDistance()
    {
        if (_ticks.Count < 2) throw new TraceException(path, "one row does not tell the recorded interval: give the interval");
        var counts = new Dictionary<long, int>();
        long best = 0;
        for (var i = 1; i < _ticks.Count; i++)
        {
            var distance = _ticks[i] - _ticks[i - 1];
            var count = counts[distance] = counts.GetValueOrDefault(distance) + 1;
            if (best == 0 || count > counts[best]) best = distance;
        }

        return best;
    }

    private TraceException Irregular(int index, long interval) => new(
        path,
        index + 2,
        timeColumn,
        $"{Text(_ticks[index])} is not a whole number of intervals of {TimeSpan.FromTicks(interval)} after the first row; the interval must be regular");

    private void CheckGap(int index, long gap, TraceOptions options)
    {
        if (gap <= options.MaxGap.Ticks) return;
        throw new TraceException(path, index + 2, timeColumn, $"{TimeSpan.FromTicks(gap)} before {Text(_ticks[index])} are unknown; a gap may last {options.MaxGap} at most");
    }

    private static string Text(long ticks) => new DateTime(ticks, DateTimeKind.Utc).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string NameOf(string path)
    {
        var name = Path.GetFileName(path);
        if (name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)) name = name[..^3];
        return name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? name[..^4] : name;
    }
}
