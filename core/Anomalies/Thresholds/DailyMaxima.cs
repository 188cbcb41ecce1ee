using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Anomalies.Thresholds;

/// <summary>
/// A threshold that days exceed at a stated rate: the largest scores of whole days follow Gumbel's distribution (Gumbel, "Statistics of
/// Extremes", 1958), placed here by their quartiles. Scores that lie close together rise together, and hours differ: of values of single
/// steps a threshold would be far too low, of days it is not. A quarter of the days may be anomalous.
/// </summary>
internal sealed class DailyMaxima
{
    /// <summary>Days before it has a threshold.</summary>
    public const int FewestDays = 6;
    private const int Kept = 32;

    /// <summary>Quartiles of Gumbel's standard distribution lie so far apart.</summary>
    private const double StandardSpread = 1.5725;

    /// <summary>And its median here.</summary>
    private const double StandardMedian = 0.36651;

    /// <summary>Least scale, in powers of ten: days without anything are as alike as they can be and say nothing about the next.</summary>
    private const double LeastScale = 0.3;
    private static readonly TimeSpan MostOfADay = TimeSpan.FromHours(18);
    private readonly double _distance;
    private readonly int _fewestSteps;
    private float[] _days = [];
    private long _count;
    private long _day;
    private int _steps;
    private float _largest;
    private double _threshold = double.PositiveInfinity;

    /// <param name="perMonth">Days out of 30 that may exceed the threshold, above 0.</param>
    /// <param name="interval">Length of a step, above 0.</param>
    public DailyMaxima(double perMonth, TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(perMonth);
        // A day stays below with the probability exp(-rate): Gumbel's quantile of it is -ln(rate).
        _distance = -Math.Log(perMonth / 30);
        _fewestSteps = Math.Max(1, (int)(MostOfADay / interval));
    }

    /// <summary>Takes a score in. A day of which a quarter is missing does not count.</summary>
    /// <param name="time">Its time, UTC.</param>
    /// <param name="score">The score, finite.</param>
    /// <returns>The threshold for it, from the days before; infinite while there are too few.</returns>
    public double Next(DateTimeOffset time, double score)
    {
        var day = time.UtcTicks / TimeSpan.TicksPerDay;
        if (day != _day)
        {
            if (_steps >= _fewestSteps) Keep(_largest);
            (_day, _steps, _largest) = (day, 0, 0);
        }

        _steps++;
        _largest = Math.Max(_largest, (float)score);
        return _threshold;
    }

    /// <summary>Appends the state.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(_count);
        writer.Write(_day);
        writer.Write(_steps);
        writer.Write(_largest);
        writer.Write((ReadOnlySpan<float>)_days);
    }

    /// <summary>Takes over what <see cref="Save"/> wrote.</summary>
    public void Load(ref StateReader reader)
    {
        (_count, _day, _steps, _largest) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt32(), reader.ReadSingle());
        if (_count < 0 || _steps < 0) throw reader.Flaw("it counts fewer than no days");
        _days = new float[Math.Min(_count, Kept)];
        reader.Read(_days);
        Place();
    }

    private void Keep(float largest)
    {
        if (_days.Length < Kept) Array.Resize(ref _days, _days.Length + 1);
        _days[_count++ % Kept] = largest;
        Place();
    }

    private void Place()
    {
        if (_days.Length < FewestDays) return;
        Span<float> sorted = stackalloc float[_days.Length];
        _days.CopyTo(sorted);
        sorted.Sort();
        var scale = Math.Max(LeastScale, (Quantile(sorted, 0.75) - Quantile(sorted, 0.25)) / StandardSpread);
        _threshold = Quantile(sorted, 0.5) + (_distance - StandardMedian) * scale;
    }

    private static double Quantile(ReadOnlySpan<float> sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var low = (int)place;
        var next = Math.Min(low + 1, sorted.Length - 1);
        return sorted[low] + (place - low) * (sorted[next] - sorted[low]);
    }
}
