using ControlPlane.Simulation.Randomness;

namespace ControlPlane.Simulation.Traces;

/// <summary>The demand of one service, one rate a tick.</summary>
public sealed class LoadSeries
{
    private readonly double[] _rates;
    private readonly bool[]? _unknown;
    private readonly bool _wrap;

    private LoadSeries(double[] rates, bool[]? unknown, TimeSpan step, bool wrap) => (_rates, _unknown, Step, _wrap) = (rates, unknown, step, wrap);

    /// <summary>Length of a tick.</summary>
    public TimeSpan Step { get; }

    /// <summary>Number of ticks before the load ends or starts over.</summary>
    public int Length => _rates.Length;

    /// <summary>Length in time.</summary>
    public TimeSpan Duration => Step * Length;

    /// <summary>Demand during a tick (0 is the first) in requests per second. Past the end the load starts over or holds its last value.</summary>
    public double DemandAt(long tick) => _rates[Index(tick)];

    /// <summary>Whether the recording holds the tick; where it does not, the load holds the last value and collectors see no demand.</summary>
    public bool IsKnownAt(long tick) => _unknown is null || !_unknown[Index(tick)];

    /// <summary>A demand that never changes.</summary>
    public static LoadSeries Constant(double requestsPerSecond, TimeSpan? step = null) => FromRates([requestsPerSecond], step);

    /// <summary>A demand given tick by tick in requests per second.</summary>
    public static LoadSeries FromRates(IEnumerable<double> requestsPerSecond, TimeSpan? step = null, bool wrap = false)
    {
        double[] rates = [.. requestsPerSecond];
        if (rates.Length == 0) throw new ArgumentException("A load needs at least one rate.", nameof(requestsPerSecond));
        foreach (var rate in rates)
        {
            if (!double.IsFinite(rate) || rate < 0) throw new ArgumentException($"A rate is {rate}: it must be finite and not negative.", nameof(requestsPerSecond));
        }

        return new LoadSeries(rates, null, CheckStep(step ?? LoadOptions.DefaultStep), wrap);
    }

    /// <summary>The demand that a trace recorded.</summary>
    /// <exception cref="ArgumentException">The step and the interval do not fit, or the offset or the scale is out of range.</exception>
    public static LoadSeries FromTrace(Trace trace, LoadOptions? options = null)
    {
        options ??= new LoadOptions();
        CheckOptions(trace, options);
        var intervals = HoldLast(trace, options.Scale, out var missing);
        var (rates, unknown) = options.Step <= trace.Interval
            ? Divide(intervals, missing, trace.Interval, options)
            : Merge(intervals, missing, (int)(options.Step / trace.Interval));
        return Cut(rates, unknown, options);
    }

    /// <summary>The first ticks of the load.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not within 1..<see cref="Length"/>.</exception>
    public LoadSeries First(int ticks)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ticks, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ticks, Length);
        return new LoadSeries(_rates[..ticks], _unknown?[..ticks], Step, wrap: false);
    }

    private long Index(long tick)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tick);
        if (tick < _rates.Length) return tick;
        return _wrap ? tick % _rates.Length : _rates.Length - 1;
    }

    private static TimeSpan CheckStep(TimeSpan step)
    {
        if (step < TimeSpan.FromSeconds(1) || step.Ticks % TimeSpan.TicksPerSecond != 0) throw new ArgumentException($"The step {step} must be whole seconds, at least one.");
        return step;
    }

    private static void CheckOptions(Trace trace, LoadOptions options)
    {
        CheckStep(options.Step);
        if (!(options.Scale > 0) || !double.IsFinite(options.Scale)) throw new ArgumentException($"The scale {options.Scale} must be positive.");
        if (trace.Interval.Ticks % options.Step.Ticks != 0 && options.Step.Ticks % trace.Interval.Ticks != 0)
            throw new ArgumentException($"The step {options.Step} neither divides the recorded interval {trace.Interval} nor is a multiple of it.");
        if (options.Offset < TimeSpan.Zero || options.Offset >= trace.Duration || options.Offset.Ticks % options.Step.Ticks != 0)
            throw new ArgumentException($"The offset {options.Offset} must be a multiple of the step within the trace's {trace.Duration}.");
        if (options.Duration is { } duration && duration < options.Step) throw new ArgumentException($"The duration {duration} must be at least one step.");
    }

    private static double[] HoldLast(Trace trace, double scale, out bool[]? missing)
    {
        missing = trace.UnknownIntervals == 0 ? null : new bool[trace.Length];
        var rates = new double[trace.Length];
        var last = Enumerable.Range(0, trace.Length).Select(trace.RequestsPerSecond).FirstOrDefault(r => r is not null) ?? 0;
        for (var i = 0; i < rates.Length; i++)
        {
            var rate = trace.RequestsPerSecond(i);
            if (missing is not null) missing[i] = rate is null;
            last = rate ?? last;
            rates[i] = last * scale;
        }

        return rates;
    }

    private static (double[], bool[]?) Divide(double[] intervals, bool[]? missing, TimeSpan interval, LoadOptions options)
    {
        var parts = (int)(interval / options.Step);
        var rates = new double[intervals.Length * parts];
        var unknown = missing is null ? null : new bool[rates.Length];
        for (var i = 0; i < intervals.Length; i++)
        {
            var ticks = rates.AsSpan(i * parts, parts);
            if (options.SplitSeed is { } seed) Split(intervals[i] * interval.TotalSeconds, options.Step.TotalSeconds, ticks, SeededRandom.For(seed, (ulong)i));
            else ticks.Fill(intervals[i]);
            if (unknown is not null) unknown.AsSpan(i * parts, parts).Fill(missing![i]);
        }

        return (rates, unknown);
    }

    /// <summary>Whole requests fall on the ticks independently (multinomial); what is left of a scaled count is spread evenly.</summary>
    private static void Split(double requests, double stepSeconds, Span<double> ticks, SeededRandom random)
    {
        var left = (long)requests;
        var crumb = (requests - left) / ticks.Length;
        for (var i = 0; i < ticks.Length; i++)
        {
            var count = Binomial.Draw(random, left, 1.0 / (ticks.Length - i));
            left -= count;
            ticks[i] = (count + crumb) / stepSeconds;
        }
    }

    private static (double[], bool[]?) Merge(double[] intervals, bool[]? missing, int factor)
    {
        var length = Math.Max(1, intervals.Length / factor);
        var rates = new double[length];
        var unknown = missing is null ? null : new bool[length];
        for (var i = 0; i < length; i++)
        {
            var end = Math.Min(intervals.Length, (i + 1) * factor);
            for (var j = i * factor; j < end; j++)
            {
                rates[i] += intervals[j] / (end - i * factor);
                if (unknown is not null) unknown[i] |= missing![j];
            }
        }

        return (rates, unknown);
    }

    private static LoadSeries Cut(double[] rates, bool[]? unknown, LoadOptions options)
    {
        var offset = (int)(options.Offset / options.Step);
        var rest = rates.Length - offset;
        var wanted = options.Duration is { } duration ? (int)Math.Min(int.MaxValue / 16, Math.Ceiling(duration / options.Step)) : options.Wrap ? rates.Length : rest;
        if (!options.Wrap) wanted = Math.Min(wanted, rest);
        if (offset == 0 && wanted == rates.Length) return new LoadSeries(rates, unknown, options.Step, options.Wrap);
        var cut = new double[wanted];
        var cutUnknown = unknown is null ? null : new bool[wanted];
        for (var i = 0; i < wanted; i++)
        {
            cut[i] = rates[(offset + i) % rates.Length];
            if (cutUnknown is not null) cutUnknown[i] = unknown![(offset + i) % rates.Length];
        }

        return new LoadSeries(cut, cutUnknown, options.Step, options.Wrap);
    }
}
