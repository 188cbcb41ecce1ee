using System.Collections.Immutable;

namespace ControlPlane.Core.Forecasting;

/// <summary>
/// Finds the seasons of a whole series. Periods come from the peaks of the autocorrelation and from the calendar (1, 6 and 12 hours, day, week). Each is judged by
/// how well every cycle is foretold from the mean of the others, so that noise scores about 0 whatever the period; the best is taken, or a part of it that
/// explains half as much (a week is also a season of what repeats daily), its shape is removed, and the next looked for.
/// </summary>
public static class SeasonalityDetector
{
    private const int MostBins = 4096;
    private const int LeastBins = 24;
    private const int LeastCycles = 3;
    private const int MostSeasons = 3;
    private const int MostPeaks = 12;
    private const int LeastPeriod = 3;
    private const double LeastCorrelation = 0.1;
    private const double LeastStrength = 0.1;

    /// <summary>A part of the best period that explains this share of what the best does is taken first; the rest is found afterwards.</summary>
    private const double EnoughForAPart = 0.5;
    private const double NearMultiple = 0.02;
    private const double NearlyAsGood = 0.97;
    private const double FarOut = 5;
    private static readonly TimeSpan[] Calendar =
        [TimeSpan.FromHours(1), TimeSpan.FromHours(6), TimeSpan.FromHours(12), TimeSpan.FromDays(1), TimeSpan.FromDays(7)];

    /// <summary>Finds up to three seasons, in the order of finding: the one that explains most, or a part of it that repeats sooner, first.</summary>
    /// <param name="values">One value a step, oldest first; NaN or infinite: unknown.</param>
    /// <param name="step">Length of a step, positive.</param>
    /// <returns>Empty when there is none, or fewer than 24 values, or fewer than three cycles.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The step is not positive.</exception>
    public static ImmutableArray<DetectedSeason> Detect(ReadOnlySpan<double> values, TimeSpan step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(step, TimeSpan.Zero);
        var width = (values.Length + MostBins - 1) / MostBins;
        if (width == 0) return [];
        var bins = Detrend(Merge(values, width));
        var found = new List<DetectedSeason>();
        while (bins.Length >= LeastBins && found.Count < MostSeasons)
        {
            var (period, strength) = Strongest(bins, step * width);
            if (strength < LeastStrength) break;
            found.Add(new DetectedSeason(step * width * period, strength));
            Remove(bins, period);
        }

        return [.. found];
    }

    /// <summary>Share of the variance of a series that a period explains when every cycle is foretold from the others; at most 1, 0 or less for noise.</summary>
    internal static double Strength(ReadOnlySpan<double> values, int period)
    {
        var (sums, counts) = Phases(values, period);
        var (left, total) = (0.0, 0.0);
        for (var i = 0; i < values.Length; i++)
        {
            if (double.IsNaN(values[i])) continue;
            var phase = i % period;
            var others = counts[phase] - 1;
            var foretold = others == 0 ? 0 : (sums[phase] - values[i]) / others;
            left += (values[i] - foretold) * (values[i] - foretold);
            total += values[i] * values[i];
        }

        return total > 0 ? 1 - left / total : 0;
    }

    private static (int Period, double Strength) Strongest(double[] bins, TimeSpan width)
    {
        var candidates = Candidates(bins, width);
        var scores = candidates.ConvertAll(period => Strength(bins, period));
        if (scores.Count == 0) return default;
        var best = scores.IndexOf(scores.Max());
        for (var i = 0; i < candidates.Count && scores[best] > 0; i++)
        {
            var ratio = (double)candidates[best] / candidates[i];
            var isCalendar = Calendar.Contains(width * candidates[i]);
            if (Math.Abs(ratio - Math.Round(ratio)) > NearMultiple * ratio) continue;
            if (scores[i] >= (ratio > 1.5 ? EnoughForAPart : isCalendar ? NearlyAsGood : 1) * scores[best]) return (candidates[i], scores[i]);
        }

        return (candidates[best], scores[best]);
    }

    /// <summary>Periods in bins, ascending.</summary>
    private static List<int> Candidates(double[] bins, TimeSpan width)
    {
        var longest = bins.Length / LeastCycles;
        var candidates = new SortedSet<int>();
        foreach (var period in Calendar)
        {
            if (period.Ticks % width.Ticks == 0 && period / width is >= LeastPeriod and var count && count <= longest) candidates.Add((int)count);
        }

        foreach (var (lag, _) in Peaks(bins, longest).OrderByDescending(peak => peak.Correlation).Take(MostPeaks)) candidates.Add(lag);
        return [.. candidates];
    }

    private static List<(int Lag, double Correlation)> Peaks(double[] bins, int longest)
    {
        var peaks = new List<(int, double)>();
        var (before, now) = (Correlation(bins, LeastPeriod - 1), Correlation(bins, LeastPeriod));
        for (var lag = LeastPeriod; lag <= longest; lag++)
        {
            var after = Correlation(bins, lag + 1);
            if (now > LeastCorrelation && now >= before && now >= after) peaks.Add((lag, now));
            (before, now) = (now, after);
        }

        return peaks;
    }

    private static double Correlation(double[] bins, int lag)
    {
        var (product, first, second) = (0.0, 0.0, 0.0);
        for (var i = lag; i < bins.Length; i++)
        {
            var (x, y) = (bins[i - lag], bins[i]);
            if (double.IsNaN(x) || double.IsNaN(y)) continue;
            product += x * y;
            first += x * x;
            second += y * y;
        }

        return first > 0 && second > 0 ? product / Math.Sqrt(first * second) : 0;
    }

    private static double[] Merge(ReadOnlySpan<double> values, int width)
    {
        var bins = new double[values.Length / width];
        for (var bin = 0; bin < bins.Length; bin++)
        {
            var (sum, count) = (0.0, 0);
            foreach (var value in values.Slice(bin * width, width))
            {
                if (!double.IsFinite(value)) continue;
                sum += value;
                count++;
            }

            bins[bin] = count == 0 ? double.NaN : sum / count;
        }

        return bins;
    }

    /// <summary>Brings values far out nearer to the median, for one spike is no season; then removes the straight line. In units of the largest value.</summary>
    private static double[] Detrend(double[] bins)
    {
        double[] known = [.. bins.Where(double.IsFinite).Order()];
        var largest = known.Length == 0 ? 0 : Math.Max(Math.Abs(known[0]), Math.Abs(known[^1]));
        if (largest == 0) return [];
        var median = known[known.Length / 2] / largest;
        var reach = FarOut * known.Average(value => Math.Abs(value / largest - median));
        if (reach < 1e-9) return [];
        var (n, sumX, sumY, sumXX, sumXY) = (0, 0.0, 0.0, 0.0, 0.0);
        for (var i = 0; i < bins.Length; i++)
        {
            bins[i] = double.IsNaN(bins[i]) ? bins[i] : Math.Clamp(bins[i] / largest - median, -reach, reach);
            if (double.IsNaN(bins[i])) continue;
            n++;
            sumX += i;
            sumY += bins[i];
            sumXX += (double)i * i;
            sumXY += i * bins[i];
        }

        var spread = n * sumXX - sumX * sumX;
        var slope = spread > 0 ? (n * sumXY - sumX * sumY) / spread : 0;
        for (var i = 0; i < bins.Length; i++) bins[i] -= (sumY - slope * sumX) / n + slope * i;
        return bins;
    }

    private static (double[] Sums, int[] Counts) Phases(ReadOnlySpan<double> values, int period)
    {
        var (sums, counts) = (new double[period], new int[period]);
        for (var i = 0; i < values.Length; i++)
        {
            if (double.IsNaN(values[i])) continue;
            sums[i % period] += values[i];
            counts[i % period]++;
        }

        return (sums, counts);
    }

    private static void Remove(double[] bins, int period)
    {
        var (sums, counts) = Phases(bins, period);
        for (var i = 0; i < bins.Length; i++) bins[i] -= counts[i % period] == 0 ? 0 : sums[i % period] / counts[i % period];
    }
}
